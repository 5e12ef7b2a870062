"""Refuse a list of spaces that a cross-validation tool has split by its entries."""

import sys
from types import FrameType

from sklearn_turtle._input._spaces import is_collection_of_spaces


def _refuse_inside_cross_validation(estimator):
    """Raise ValueError if a cross-validation tool has split a list of spaces by its entries.

    Such a tool takes the length of a list for the number of samples. Where all spaces have the
    same number of features nothing that ``fit`` or ``score`` is given shows it, and the scores
    would mean nothing; but the tool's own frame still holds the list. A pipeline whose steps
    make spaces of one matrix is not concerned: there the tool has split a matrix.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        of_tool = frame.f_globals.get("__name__", "").startswith("sklearn.model_selection")
        if of_tool and is_collection_of_spaces(frame.f_locals.get("X")):
            raise ValueError(
                "X is a list of spaces, which cross-validation tools split by spaces instead of "
                "by samples. Pass X, widths = stack_spaces(list_of_spaces) and "
                f"{type(estimator).__name__}(spaces=widths) instead."
            )
        frame = frame.f_back
