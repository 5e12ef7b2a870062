"""Adam over all parameters at once."""

import subprocess
import sys

import pytest
import torch

from sklearn_turtle._solver.step._parameters import Parameters

SHAPES = [(5, 3), (3,)]


@pytest.mark.parametrize("lr", [0.1, torch.tensor([0.1, 0.02, 0.3])])
def test_steps_are_those_of_adam(lr):
    parameters = Parameters(SHAPES, lr=lr, dtype=torch.float64, device="cpu")
    theirs = [torch.zeros(shape, dtype=torch.float64, requires_grad=True) for shape in SHAPES]
    columns = [0.1] * 3 if isinstance(lr, float) else lr.tolist()
    reference = [
        torch.optim.Adam([torch.zeros_like(t) for t in theirs], lr=column) for column in columns
    ]
    generator = torch.Generator().manual_seed(0)
    for decay in (1.0, 0.7, 0.1):
        for k, gradient in enumerate(parameters.gradients):
            gradient.normal_(generator=generator)
            for of_column in reference:
                of_column.param_groups[0]["params"][k].grad = gradient.clone()
        for column, of_column in zip(columns, reference, strict=True):
            of_column.param_groups[0]["lr"] = column * decay
            of_column.step()
        parameters.step(decay)
    for k, tensor in enumerate(parameters.tensors):
        for c, of_column in enumerate(reference):
            expected = of_column.param_groups[0]["params"][k][..., c]
            torch.testing.assert_close(tensor[..., c], expected)


def test_the_single_step_from_zero_is_the_first_one():
    ours, expected = (
        Parameters(SHAPES, lr=0.1, dtype=torch.float64, device="cpu") for _ in range(2)
    )
    for parameters in (ours, expected):
        for gradient in parameters.gradients:
            gradient.copy_(torch.linspace(-1, 1, gradient.numel()).view(gradient.shape))
    ours.single_step_from_zero()
    for _ in range(2):
        expected.step()
        expected.reset()
    expected.step()
    for a, b in zip(ours.tensors, expected.tensors, strict=True):
        torch.testing.assert_close(a, b)


def test_a_fit_does_not_wait_for_the_compiler_of_torch():
    script = (
        "import sys, numpy as np; from sklearn_turtle import TurtleClustering;"
        "X = np.random.default_rng(0).normal(size=(60, 5));"
        "TurtleClustering(2, max_iter=2, polish_iter=1).fit(X);"
        "sys.exit('torch._dynamo' in sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True)


def test_the_default_dtype_of_torch_does_not_matter():
    torch.set_default_dtype(torch.float64)
    try:
        parameters = Parameters(SHAPES, lr=0.1, dtype=torch.float32, device="cpu")
        parameters.gradients[0].fill_(1.0)
        parameters.step()
    finally:
        torch.set_default_dtype(torch.float32)
    torch.testing.assert_close(parameters.tensors[0], torch.full((5, 3), -0.1))
