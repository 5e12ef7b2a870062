import pytest
import torch

from sklearn_turtle._solver.step._softmax import FEW_CLUSTERS, log_softmax, softmax


@pytest.mark.parametrize("n_clusters", [1, 2, FEW_CLUSTERS, FEW_CLUSTERS + 1])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("scale", [1.0, 1e4, 1e30])
def test_equals_that_of_torch(n_clusters, dtype, scale):
    generator = torch.Generator().manual_seed(0)
    logits = scale * torch.randn(20, 3, n_clusters, dtype=dtype, generator=generator)
    before = logits.clone()
    for ours, theirs in ((softmax, torch.softmax), (log_softmax, torch.log_softmax)):
        out = torch.empty_like(logits)
        ours(logits, out=out)
        torch.testing.assert_close(out, theirs(logits, -1))
    assert torch.equal(logits, before)
