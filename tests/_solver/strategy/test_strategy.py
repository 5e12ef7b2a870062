from dataclasses import FrozenInstanceError

import pytest

from sklearn_turtle._solver import Strategy
from tests.support.settings import solver_settings


def test_strategies_cannot_be_changed():
    strategy = Strategy(
        solver_settings(3), polish_iter=2, sizes_known=True, n_components=None, n_neighbors=0
    )
    with pytest.raises(FrozenInstanceError):
        strategy.polish_iter = 3
