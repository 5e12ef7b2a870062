from dataclasses import FrozenInstanceError

import pytest

from sklearn_turtle._solver import Settings
from tests.support.settings import DEFAULTS, solver_settings


@pytest.mark.parametrize("name", DEFAULTS)
def test_there_are_no_defaults(name):
    values = {other: value for other, value in DEFAULTS.items() if other != name}
    with pytest.raises(TypeError, match=f"missing 1 required keyword-only argument: '{name}'"):
        Settings(n_clusters=3, **values)


def test_settings_cannot_be_changed():
    settings = solver_settings(3)
    with pytest.raises(FrozenInstanceError):
        settings.gamma = 1.0
