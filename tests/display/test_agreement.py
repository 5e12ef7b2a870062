"""Plot of the agreement between restarts."""

import numpy as np
import pytest

from sklearn_turtle.display import AgreementDisplay


def test_image_is_the_agreement_of_the_restarts(blobs):
    _, _, turtle = blobs
    display = AgreementDisplay.from_estimator(turtle).plot()
    np.testing.assert_array_equal(display.image_.get_array(), turtle.agreement_)
    pairs = turtle.agreement_[np.triu_indices(8, 1)]
    assert pairs.mean() == pytest.approx(turtle.stability_)
