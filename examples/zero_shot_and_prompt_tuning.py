"""
Zero-shot classification, and tuning it without labels
======================================================

Where class names are known and a model embeds texts and images in one space, images can be
classified by the texts alone. Three methods improve on that with images that have no labels.

python examples/zero_shot_and_prompt_tuning.py
"""

from time import perf_counter

import numpy as np
from sklearn.datasets import load_digits
from sklearn.preprocessing import normalize

from sklearn_turtle.paper.baselines import GDA, POUF, UPL, ZeroShotClassifier

X, digits = load_digits(return_X_y=True)

# %%
# No text encoder is at hand here, so that noisy means of the images of each digit stand in for the
# embeddings of texts such as "a photo of the number 7", two templates a class. Your own are
# `(n_classes, n_features)` or `(n_classes, n_templates, n_features)`. The stand-ins are made with
# the help of labels: the table shows what the methods make of them, not how they compare with
# methods that need no class names.
means = np.stack([normalize(X)[digits == digit].mean(0) for digit in range(10)])
noise = np.random.default_rng(0).normal(size=(10, 2, 64)) / 8
class_embeddings = means[:, None] + 0.9 * noise * np.linalg.norm(means, axis=1)[:, None, None]

# %%
# The methods themselves see no label.
methods = {
    "zero-shot": ZeroShotClassifier(class_embeddings),
    "UPL": UPL(class_embeddings, ensemble_size=4, random_state=0),
    "POUF": POUF(class_embeddings, random_state=0),
    "GDA": GDA(class_embeddings),
}
print("method      accuracy  seconds")
for name, classifier in methods.items():
    start = perf_counter()
    accuracy = classifier.fit(X).score(X, digits)
    print(f"{name:10}  {accuracy:8.3f}  {perf_counter() - start:7.1f}")
