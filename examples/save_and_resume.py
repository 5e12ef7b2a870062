"""
Save a model and resume a fit
=============================

Save a fitted estimator to a file that contains no code, and export its predictions to ONNX. A long
fit writes checkpoints; after an interruption, the next run resumes from them.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering
from sklearn_turtle.persistence import export_onnx

X, _ = load_digits(return_X_y=True)
turtle = TurtleClustering(n_clusters=10, n_init=8, random_state=0)

with TemporaryDirectory() as folder:
    # with a permanent folder, this line resumes an interrupted fit
    turtle.fit(X, checkpoint=Path(folder, "digits.checkpoint"))

    turtle.save(Path(folder, "digits.safetensors"))
    loaded = TurtleClustering.load(Path(folder, "digits.safetensors"))
    print(f"same labels: {bool((loaded.predict(X) == turtle.labels_).all())}")

    export_onnx(turtle, Path(folder, "digits.onnx"), dtype="float64")
    for path in sorted(Path(folder).iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1024:.0f} kB")
