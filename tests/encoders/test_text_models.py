"""Models of the real sentence-transformers, with random weights or from a package."""

import pickle

import numpy as np
import pytest

from sklearn_turtle.encoders import TextEncoder
from tests.support.tiny_models import TinyImageModel, lengths

TEXTS = [
    "The cat sleeps on the sofa.",
    "A kitten naps on a couch.",
    "Interest rates were raised by the central bank.",
    "The dog " + "barks and " * 400 + "sleeps.",  # longer than the model reads
    "",
]


@pytest.fixture
def make_random_model(sentence_transformers):
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    def make(seed=0, words=("cat", "dog")):
        """A sentence encoder with random weights."""
        vocabulary = {word: i for i, word in enumerate(("[UNK]", *words))}
        tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
        tokenizer.pre_tokenizer = Whitespace()
        torch.manual_seed(seed)
        module = sentence_transformers.models.StaticEmbedding(tokenizer, embedding_dim=4)
        return sentence_transformers.SentenceTransformer(modules=[module], device="cpu")

    return make


def test_rows_equal_those_of_the_library(minilm_folder, minilm):
    expected = np.vstack([minilm.encode([text]) for text in TEXTS])
    rows = TextEncoder(minilm_folder, device="cpu", batch_size=2).fit_transform(TEXTS)
    assert rows.shape == (5, 384)
    np.testing.assert_allclose(rows, expected, atol=1e-5)


def test_prompt(minilm):
    rows = TextEncoder(minilm, device="cpu", prompt="A note: ").fit_transform(TEXTS[:1])
    np.testing.assert_allclose(rows, minilm.encode(["A note: " + TEXTS[0]]), atol=1e-5)


def test_mixed_precision(minilm):
    exact = TextEncoder(minilm, device="cpu").fit_transform(TEXTS[:3])
    mixed = TextEncoder(minilm, device="cpu", precision="bfloat16").fit_transform(TEXTS[:3])
    assert np.abs(mixed - exact).max() > 1e-5
    assert np.sum(mixed * exact, axis=1).min() > 0.99


def test_folder_in_the_cache(sentence_transformers, minilm_folder, tmp_path, monkeypatch):
    rows = TextEncoder(minilm_folder, device="cpu", cache=tmp_path).fit_transform(TEXTS[:2])
    encoder = TextEncoder(str(minilm_folder), device="cpu", cache=tmp_path)
    np.testing.assert_allclose(encoder.fit_transform(TEXTS[:3])[:2], rows, atol=1e-6)
    assert encoder.n_encoded_ == 1
    again = pickle.loads(pickle.dumps(encoder))
    monkeypatch.delattr(sentence_transformers, "SentenceTransformer")
    np.testing.assert_allclose(again.transform(TEXTS[:2]), rows, atol=1e-6)


def test_cache_identifies_a_model_by_weights_and_vocabulary(make_random_model, tmp_path):
    runs = [
        (make_random_model(), 2),
        (make_random_model(), 0),
        (make_random_model(seed=1), 2),
        (make_random_model(words=("dog", "cat")), 2),
    ]
    for model, n_encoded in runs:
        encoder = TextEncoder(model, device="cpu", cache=tmp_path)
        rows = encoder.fit_transform(["a cat", "a dog"])
        assert encoder.n_encoded_ == n_encoded
        np.testing.assert_allclose(rows, model.encode(["a cat", "a dog"]), atol=1e-6)


def test_name_is_passed_to_the_library(sentence_transformers, monkeypatch):
    names = []

    def load(name, device):
        names.append(name)
        raise OSError("no network")

    monkeypatch.setattr(sentence_transformers, "SentenceTransformer", load)
    with pytest.raises(OSError, match="no network"):
        TextEncoder("all-mpnet-base-v2").fit()
    assert names == ["all-mpnet-base-v2"]


def test_cached_function_needs_a_key(tmp_path):
    with pytest.raises(ValueError, match=r"cannot identify the function lengths.*cache_key"):
        TextEncoder(lengths, cache=tmp_path).fit()


@pytest.mark.parametrize("model", [3, None, TinyImageModel()])
def test_not_a_text_model(model):
    with pytest.raises(TypeError, match="model must be the name"):
        TextEncoder(model).fit()
