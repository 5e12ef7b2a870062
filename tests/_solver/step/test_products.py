import pytest
import torch

from sklearn_turtle._solver.step._products import logits, write_gradient
from sklearn_turtle._solver.step._workspace import Workspace

CPU = torch.device("cpu")
TOLERANCES = {torch.float32: 1e-5, torch.bfloat16: 0.05}


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(0)


@pytest.mark.parametrize("dtype", TOLERANCES, ids=str)
@pytest.mark.parametrize("n_rows", [0, 9])
def test_logits(generator, dtype, n_rows):
    z, weight, bias = (
        torch.randn(shape, generator=generator) for shape in ((n_rows, 5), (5, 6), 6)
    )
    found = logits(z.to(dtype), weight, bias, 3, Workspace(CPU))
    assert found.dtype == torch.float32
    expected = (z @ weight + bias).view(n_rows, 2, 3)
    torch.testing.assert_close(found, expected, rtol=TOLERANCES[dtype], atol=TOLERANCES[dtype])


@pytest.mark.parametrize("dtype", TOLERANCES, ids=str)
@pytest.mark.parametrize("n_rows", [0, 9])
def test_gradients_of_weight_and_bias(generator, dtype, n_rows):
    z = torch.randn(n_rows, 5, generator=generator)
    to_logits = torch.randn(n_rows, 2, 3, generator=generator)
    weight, bias = torch.zeros(5, 6, requires_grad=True), torch.zeros(6, requires_grad=True)
    ((z @ weight + bias) * to_logits.view(n_rows, 6)).sum().backward()
    to_weight, to_bias = torch.empty(5, 6), torch.empty(6)
    write_gradient(z.to(dtype), to_logits, to_weight, to_bias, Workspace(CPU))
    tolerance = {"rtol": TOLERANCES[dtype], "atol": TOLERANCES[dtype]}
    torch.testing.assert_close(to_weight, weight.grad, **tolerance)
    torch.testing.assert_close(to_bias, bias.grad, **tolerance)
