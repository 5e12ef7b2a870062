"""
Keep a model, and lose nothing of a fit
=======================================

A fitted estimator is saved to a file that holds no code, and its predictions to one that needs no
Python. A long fit writes checkpoints: whatever ends it, the next run goes on from there.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering
from sklearn_turtle.persistence import export_onnx

X, _ = load_digits(return_X_y=True)
turtle = TurtleClustering(n_clusters=10, n_init=8, random_state=0)

with TemporaryDirectory() as folder:
    # run the script again after a crash, and this line goes on where it was
    turtle.fit(X, checkpoint=Path(folder, "digits.checkpoint"))

    turtle.save(Path(folder, "digits.safetensors"))
    loaded = TurtleClustering.load(Path(folder, "digits.safetensors"))
    print(f"same labels: {bool((loaded.predict(X) == turtle.labels_).all())}")

    export_onnx(turtle, Path(folder, "digits.onnx"), dtype="float64")
    for path in sorted(Path(folder).iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1024:.0f} kB")
