import pickle
import subprocess
import sys

import pytest
import torch

from sklearn_turtle._solver.step._parameters import Parameters

SHAPES = [(5, 3), (3,)]


def parameters(lr=0.1, dtype=torch.float64):
    return Parameters(SHAPES, lr=lr, dtype=dtype, device="cpu")


def write_gradients(parameters):
    for gradient in parameters.gradients:
        gradient.copy_(torch.linspace(-1, 1, gradient.numel()).view(gradient.shape))


@pytest.mark.parametrize("lr", [0.1, torch.tensor([0.1, 0.02, 0.3])])
def test_steps_are_those_of_adam(lr):
    ours = parameters(lr)
    # one Adam per output, each of which updates all tensors
    rates = [0.1] * 3 if isinstance(lr, float) else lr.tolist()
    tensors = [[torch.zeros(shape, dtype=torch.float64) for shape in SHAPES] for _ in rates]
    reference = [torch.optim.Adam(of_output) for of_output in tensors]
    generator = torch.Generator().manual_seed(0)
    for decay in (1.0, 0.7, 0.1):
        for gradient in ours.gradients:
            gradient.normal_(generator=generator)
        for rate, of_output, adam in zip(rates, tensors, reference, strict=True):
            for tensor, gradient in zip(of_output, ours.gradients, strict=True):
                tensor.grad = gradient.clone()
            adam.param_groups[0]["lr"] = rate * decay
            adam.step()
        ours.step(decay)
    for output, of_output in enumerate(tensors):
        for tensor, expected in zip(ours.tensors, of_output, strict=True):
            torch.testing.assert_close(tensor[..., output], expected[..., output])


@pytest.mark.parametrize("lr", [0.1, torch.tensor([0.1, 0.02, 0.3])])
def test_a_single_step_from_zero_equals_the_first_step(lr):
    single, first = parameters(lr), parameters(lr)
    for one in (single, first):
        write_gradients(one)
        one.step()  # leaves parameters and a state to ignore
    single.single_step_from_zero()
    first.reset()
    first.step()
    for a, b in zip(single.tensors, first.tensors, strict=True):
        torch.testing.assert_close(a, b)


def test_a_pickle_continues_with_the_same_steps():
    original = parameters()
    write_gradients(original)
    original.step()
    restored = pickle.loads(pickle.dumps(original))
    for one in (original, restored):
        write_gradients(one)
        one.step()
    for a, b in zip(restored.tensors, original.tensors, strict=True):
        assert torch.equal(a, b)


def test_a_fit_does_not_import_the_compiler_of_torch():
    script = (
        "import sys, numpy as np; from sklearn_turtle import TurtleClustering;"
        "X = np.random.default_rng(0).normal(size=(60, 5));"
        "TurtleClustering(2, max_iter=2, polish_iter=1).fit(X);"
        "sys.exit('torch._dynamo' in sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True)


def test_the_default_dtype_of_torch_has_no_effect():
    torch.set_default_dtype(torch.float64)
    try:
        single = parameters(dtype=torch.float32)
        single.gradients[0].fill_(1.0)
        single.step()
    finally:
        torch.set_default_dtype(torch.float32)
    torch.testing.assert_close(single.tensors[0], torch.full((5, 3), -0.1))
