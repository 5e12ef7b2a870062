import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from sklearn_turtle._input._unit import UnitFeatures, ensemble_templates, unit


def test_vectors_are_divided_by_their_norms():
    vectors = torch.tensor([[3.0, 4.0], [0.0, 0.0], [0.0, -1e-20]], dtype=torch.float64)
    assert_allclose(unit(vectors), [[0.6, 0.8], [0.0, 0.0], [0.0, -1.0]])


@pytest.mark.parametrize(
    ("embeddings", "expected"),
    [
        # at right angles, of norms 5 and 2: the mean direction lies half-way, whatever the norms
        ([[[5.0, 0.0], [0.0, 2.0]]], [[0.5**0.5, 0.5**0.5]]),
        ([[[3.0, 4.0]], [[0.0, 2.0]]], [[0.6, 0.8], [0.0, 1.0]]),
    ],
    ids=["two templates", "one template"],
)
def test_templates_are_averaged_on_the_sphere(embeddings, expected):
    assert_allclose(ensemble_templates(torch.tensor(embeddings)), expected, rtol=1e-6)


def test_features_of_any_dtype_are_read_in_chunks(monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 40)
    counts = np.random.default_rng(0).integers(1, 100, size=(23, 5), dtype=np.int16)
    features = UnitFeatures(torch.from_numpy(counts), dtype=torch.float64)
    expected = counts / np.linalg.norm(counts, axis=1, keepdims=True)
    chunks = list(features.chunks(3))
    assert len(chunks) > 1
    assert_allclose(torch.cat([x for _, x in chunks]), expected)
    assert_allclose(features.rows(torch.tensor([4, 0])), expected[[4, 0]])
    assert_allclose(features.rows(), expected)
