import inspect
import threading

import pytest
import torch

from sklearn_turtle._input._torch_defaults import torch_defaults, with_torch_defaults
from tests.support.torch_states import TORCH_STATES, default_dtype, torch_state

DEFAULTS = torch_state()


def work():
    """The state in which a function runs, and a product that depends on it."""
    weight = torch.ones(2, 2, requires_grad=True)
    product = weight @ torch.ones(2, 2)
    return torch_state() | {"product": (product.dtype, product.requires_grad, product.device)}


@pytest.mark.parametrize("state", TORCH_STATES.values(), ids=TORCH_STATES)
def test_a_function_runs_in_the_defaults_and_leaves_the_state(state):
    expected = work()
    with state():
        before = torch_state()
        found = with_torch_defaults(work)()
        assert torch_state() == before
        with pytest.raises(ZeroDivisionError), torch_defaults():
            raise ZeroDivisionError
        assert torch_state() == before
    assert torch_state() == DEFAULTS
    # whoever asks for deterministic algorithms gets them; the dtype of autocast has no effect
    kept = {name: before[name] for name in ("deterministic", "autocast dtype")}
    assert found == expected | kept


def test_nested_contexts():
    with default_dtype(torch.float64):
        with torch_defaults():
            with torch_defaults():
                assert torch.get_default_dtype() == torch.float32
            assert torch.get_default_dtype() == torch.float32
        assert torch.get_default_dtype() == torch.float64


def test_threads_that_overlap_restore_the_dtype_of_the_user():
    entered, left = threading.Event(), threading.Event()
    found = []

    @with_torch_defaults
    def second():
        entered.set()
        assert left.wait(10)
        found.append(torch.get_default_dtype())

    with default_dtype(torch.float64):
        thread = threading.Thread(target=second)
        with torch_defaults():
            thread.start()
            assert entered.wait(10)
        left.set()  # the first has left, but the second is still inside
        thread.join()
        assert found == [torch.float32]
        assert torch.get_default_dtype() == torch.float64


def test_signatures_and_docstrings_are_kept():
    def documented(X, *, y=None):
        """Do nothing."""

    decorated = with_torch_defaults(documented)
    assert inspect.signature(decorated) == inspect.signature(documented)
    assert (decorated.__doc__, decorated.__name__) == ("Do nothing.", "documented")
