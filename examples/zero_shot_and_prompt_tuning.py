"""
Zero-shot classification, and tuning it without labels
======================================================

If you know the class names, and a model embeds texts and images in one space, the texts alone
classify the images. Three methods improve this with unlabeled images.

python examples/zero_shot_and_prompt_tuning.py
"""

from time import perf_counter

import numpy as np
from sklearn.datasets import load_digits
from sklearn.preprocessing import normalize

from sklearn_turtle.paper.baselines import GDA, POUF, UPL, ZeroShotClassifier

X, digits = load_digits(return_X_y=True)

# %%
# This example has no text encoder. Instead of embeddings of texts such as "a photo of the number
# 7", it uses noisy means of the images of each digit, with two templates per class. Your own
# embeddings have the shape `(n_classes, n_features)` or `(n_classes, n_templates, n_features)`.
# Because the means use labels, the table compares these methods with each other only, not with
# methods that need no class names.
means = np.stack([normalize(X)[digits == digit].mean(0) for digit in range(10)])
noise = np.random.default_rng(0).normal(size=(10, 2, 64)) / 8
class_embeddings = means[:, None] + 0.9 * noise * np.linalg.norm(means, axis=1)[:, None, None]

# %%
# The methods themselves use no labels.
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
