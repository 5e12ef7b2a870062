import pytest

from sklearn_turtle import RELEASED_SETTINGS, TurtleClustering
from tests.support.two_spaces import two_spaces


def test_settings_are_those_of_the_released_code():
    assert RELEASED_SETTINGS == {
        "gamma": 10,
        "max_iter": 6000,
        "inner_steps": 10,
        "inner_lr": 1e-3,
        "outer_lr": 1e-3,
        "batch_size": 10_000,
        "inner_start": "cold",
        "schedule": "constant",
        "scaling": None,
        "n_init": 1,
        "polish_iter": 0,
        "n_components": None,
        "n_neighbors": 0,
        "precision": "float32",
    }


def test_settings_cannot_be_changed():
    with pytest.raises(TypeError):
        RELEASED_SETTINGS["gamma"] = 1.0


# a few steps may leave clusters empty
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_an_estimator_takes_the_settings():
    turtle = TurtleClustering(4, **RELEASED_SETTINGS)
    assert {name: turtle.get_params()[name] for name in RELEASED_SETTINGS} == RELEASED_SETTINGS
    turtle.set_params(max_iter=3, device="cpu", random_state=0).fit(two_spaces()[0])
    assert turtle.n_iter_ == 3
