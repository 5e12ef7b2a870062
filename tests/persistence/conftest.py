import pytest

from tests.support.two_spaces import small_turtle, two_spaces


@pytest.fixture(scope="session")
def turtle():
    """An estimator fitted to the spaces "clip" and "dino" of ``two_spaces()``."""
    spaces, _ = two_spaces()
    return small_turtle(n_init=4, max_iter=50, polish_iter=0).fit(
        {"clip": spaces[0], "dino": spaces[1]}
    )
