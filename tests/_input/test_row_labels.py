"""Tables whose rows do not belong together."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone

from sklearn_turtle import TurtleClustering, predict_to_file, select_n_clusters, stack_spaces
from sklearn_turtle._input._row_labels import check_row_labels
from sklearn_turtle.exploration import name_clusters, outlier_samples, refit_from_labels
from sklearn_turtle.metrics import compare_with_probe, generalization_score
from sklearn_turtle.paper.baselines import SpacesKMeans
from tests.support.two_spaces import clear_spaces

(FIRST, SECOND), Y = clear_spaces(60)
LABELS = [f"row {i}" for i in range(60)]
OTHER_ORDER = LABELS[:7] + LABELS[:6:-1]


def frame(x, index=None):
    return pd.DataFrame(x, index=index).add_prefix("c")


def spaces(first, second):
    """Two spaces with these indexes."""
    return [frame(FIRST, first), frame(SECOND, second)]


@pytest.fixture(scope="module")
def turtle():
    parameters = {"n_init": 2, "max_iter": 20, "polish_iter": 0, "random_state": 0}
    return TurtleClustering(4, **parameters).fit(spaces(LABELS, LABELS))


# every kind of call that reads spaces
CALLS = {
    "fit": lambda turtle, X: clone(turtle).fit(X),
    "partial_fit": lambda turtle, X: clone(turtle).partial_fit(X),
    "predict": lambda turtle, X: turtle.predict(X),
    "predict_proba": lambda turtle, X: turtle.predict_proba(X),
    "score": lambda turtle, X: turtle.score(X),
    "stack_spaces": lambda turtle, X: stack_spaces(X),
    "select_n_clusters": lambda turtle, X: select_n_clusters(X, [4]),
    "predict_to_file": lambda turtle, X: predict_to_file(turtle, X, "not written.npy"),
    "generalization_score": lambda turtle, X: generalization_score(Y, X),
    "compare_with_probe": lambda turtle, X: compare_with_probe(Y, X, Y),
    "outlier_samples": outlier_samples,
    "name_clusters": lambda turtle, X: name_clusters(turtle, X, texts=LABELS),
    "refit_from_labels": lambda turtle, X: refit_from_labels(turtle, X, Y),
    "baseline": lambda turtle, X: SpacesKMeans(4).fit(X),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_every_call_refuses_rows_in_another_order(turtle, call):
    message = (
        r"rows of spaces 'space0' \(first\) and 'space1' \(second\) do not belong together: .* "
        r"the same labels in another order\. The first to differ are 'row 7' and 'row 59', in row "
        r"7\. Pass second\.loc\[first\.index\] .* or second\.to_numpy\(\)"
    )
    with pytest.raises(ValueError, match=message):
        call(turtle, spaces(LABELS, OTHER_ORDER))


def test_the_advice_pairs_the_rows(turtle):
    first, second = spaces(LABELS, LABELS)
    shuffled = second.sample(frac=1, random_state=0)
    expected = turtle.predict([first, second])
    np.testing.assert_array_equal(turtle.predict([first, shuffled.loc[first.index]]), expected)
    by_position = turtle.predict([first, shuffled.to_numpy()])
    assert not np.array_equal(by_position, expected)


@pytest.mark.parametrize(
    ("second", "found"),
    [
        (None, "other labels"),  # those of a table that was given none: its row numbers
        ([*LABELS[:-1], "row 60"], "other labels. The first to differ are 'row 59' and 'row 60'"),
        (["row 0", *LABELS[:-1]], "other labels, which are not distinct"),
        (pd.MultiIndex.from_product([range(6), range(10)]), "other labels"),
    ],
)
def test_other_labels_are_refused(second, found):
    with pytest.raises(ValueError, match=rf"{found}.* Pass .* or second\.to_numpy\(\)"):
        stack_spaces(spaces(LABELS, second))


def test_spaces_of_a_dict_are_named():
    first, second = spaces(None, range(59, -1, -1))
    with pytest.raises(ValueError, match=r"'clip' .* and 'dino' .* are 0 and 59, in row 0"):
        stack_spaces({"clip": first, "numbers": FIRST, "dino": second})


@pytest.mark.parametrize(
    "index",
    [
        None,
        LABELS,
        LABELS[:30] * 2,
        [*LABELS[:-1], None],
        pd.Index(range(60), name="id"),
        pd.MultiIndex.from_product([range(6), range(10)]),
    ],
)
def test_equal_indexes_pass(index):
    assert stack_spaces(spaces(index, index))[1] == [12, 8]


@pytest.mark.parametrize("convert", [np.asarray, pl.DataFrame, pd.DataFrame.to_numpy, list])
def test_spaces_without_an_index_have_no_say(convert):
    first, second = spaces(OTHER_ORDER, None)
    check_row_labels(["a", "b", "c"], [convert(second), first, convert(second)])
