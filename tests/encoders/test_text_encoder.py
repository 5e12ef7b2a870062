import importlib
import inspect

import numpy as np

from sklearn_turtle import TurtleClustering
from sklearn_turtle.encoders import TextEncoder
from sklearn_turtle.metrics import clustering_accuracy
from tests.support.tiny_models import lengths


def test_function_with_a_prompt():
    encoder = TextEncoder(lengths, batch_size=1).fit()
    np.testing.assert_array_equal(encoder.transform(["banana", "a"]), [[6, 3], [1, 1]])
    encoder.set_params(prompt="as: ").fit()
    np.testing.assert_array_equal(encoder.transform(["banana", "a"]), [[10, 4], [5, 2]])


def test_real_texts_are_clustered_by_topic(minilm):
    """The topics are subpackages of SciPy, the texts are the docstrings of their functions."""
    texts, topics = [], []
    for topic in ("scipy.ndimage", "scipy.stats", "scipy.fft"):
        module = importlib.import_module(topic)
        for name in sorted(module.__all__)[:12]:
            documentation = inspect.getdoc(getattr(module, name)) or ""
            texts.append(documentation[:200])
            topics.append(topic)
    rows = TextEncoder(minilm, device="cpu").fit_transform(texts)
    turtle = TurtleClustering(
        3, n_init=4, max_iter=100, polish_iter=20, random_state=0, device="cpu"
    ).fit(rows)
    assert clustering_accuracy(np.array(topics), turtle.labels_) > 0.8
