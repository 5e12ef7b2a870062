import pytest
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from sklearn_turtle import stack_spaces
from sklearn_turtle._input._cross_validation import refuse_inside_cross_validation
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, _ = two_spaces()
pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore:The restarts hardly agree"),
]

FEW_STEPS = {"n_init": 2, "max_iter": 2, "polish_iter": 1}
# of equal widths: only the frame of the tool shows that the list was split
EQUAL_WIDTHS = [SPACES[0][:, :8], SPACES[1]]


def no_score(estimator, X, y=None):
    return 0.0


@pytest.mark.parametrize("as_type", [list, tuple])
def test_lists_of_spaces_are_refused(as_type):
    X = as_type(EQUAL_WIDTHS)
    with pytest.raises(ValueError, match=r"split by spaces instead.*TurtleClustering\(spaces="):
        cross_val_score(small_turtle(**FEW_STEPS), X, cv=2, error_score="raise")
    with pytest.raises(ValueError, match="split by spaces instead"):
        GridSearchCV(small_turtle(**FEW_STEPS), {"gamma": [1, 10]}, cv=2, error_score="raise").fit(
            X
        )


def test_stacked_spaces_are_accepted():
    X, widths = stack_spaces(SPACES)
    turtle = small_turtle(**FEW_STEPS, spaces=widths)
    cross_val_score(turtle, X, cv=2, scoring=no_score, error_score="raise")


def test_pipelines_that_make_spaces_are_accepted():
    X, _ = stack_spaces(SPACES)
    split = FunctionTransformer(lambda x: [x[:, :12], x[:, 12:]])
    pipeline = make_pipeline(split, small_turtle(**FEW_STEPS))
    cross_val_score(pipeline, X, cv=2, scoring=no_score, error_score="raise")


def test_direct_calls_are_accepted():
    X = EQUAL_WIDTHS  # noqa: F841 (a variable of this name in any other caller does not matter)
    refuse_inside_cross_validation(small_turtle())
