import numpy as np
import torch

from sklearn_turtle._input._unit import UnitFeatures, ensemble_templates, unit


def test_unit_vectors():
    vectors = torch.tensor([[3.0, 4.0], [0.0, 0.0], [0.0, -1e-20]], dtype=torch.float64)
    assert unit(vectors).tolist() == [[0.6, 0.8], [0.0, 0.0], [0.0, -1.0]]


def test_templates_are_averaged_on_the_sphere():
    # at right angles, of norms 5 and 2: the mean direction lies half-way, whatever the norms
    embeddings = torch.tensor([[[5.0, 0.0], [0.0, 2.0]]])
    torch.testing.assert_close(ensemble_templates(embeddings), torch.full((1, 2), 0.5**0.5))


def test_one_template_is_normalized_alone():
    embeddings = torch.tensor([[[3.0, 4.0]], [[0.0, 2.0]]])
    torch.testing.assert_close(ensemble_templates(embeddings), torch.tensor([[0.6, 0.8], [0, 1]]))


def test_features_of_any_dtype_are_read_in_chunks(monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 40)
    counts = np.random.default_rng(0).integers(1, 100, size=(23, 5), dtype=np.int16)
    features = UnitFeatures(torch.from_numpy(counts), dtype=torch.float64)
    expected = counts / np.linalg.norm(counts, axis=1, keepdims=True)
    chunks = list(features.chunks(3))
    assert len(chunks) > 1
    np.testing.assert_allclose(torch.cat([x for _, x in chunks]), expected)
    np.testing.assert_allclose(features.rows(torch.tensor([4, 0])), expected[[4, 0]])
