"""Refuse a list of spaces that a cross-validation tool of scikit-learn has split by its entries."""

import sys
from types import FrameType
from typing import Any

from sklearn_turtle._input._spaces import is_collection_of_spaces


def refuse_inside_cross_validation(estimator: Any) -> None:
    """Raise ValueError if a cross-validation tool has split a list of spaces by its entries.

    The tools of ``sklearn.model_selection`` take the length of a list as the number of samples:
    they pass some of the spaces to ``fit`` and the others to ``score``. If all spaces have the
    same number of features, neither method can detect this from its own arguments, and the
    scores would be meaningless. Only the frame of the tool still holds the whole list, as its
    variable ``X``. This function therefore walks up the stack of callers and looks at that
    variable. scikit-learn offers no other hook: an estimator can only refuse the list when it is
    called.

    A pipeline whose first steps make several spaces from one matrix passes the check, because
    there the tool has split a matrix.

    Parameters
    ----------
    estimator : estimator
        Estimator to be fitted; its class is named in the message.
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
