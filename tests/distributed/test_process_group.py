"""Groups of processes; fits in several processes are tested in test_fit.py."""

import pytest
from sklearn.exceptions import NotFittedError

from sklearn_turtle.distributed import fit_sharded
from sklearn_turtle.distributed._process_group import ProcessGroup
from tests.support.two_spaces import small_turtle, two_spaces


def test_missing_group():
    with pytest.raises(RuntimeError, match=r"No process group found: .*torchrun"):
        ProcessGroup()
    spaces, _ = two_spaces()
    turtle = small_turtle()
    with pytest.raises(RuntimeError, match="torchrun"):
        fit_sharded(turtle, spaces)
    with pytest.raises(NotFittedError):
        turtle.predict(spaces)
