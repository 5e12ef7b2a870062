"""Published figures that can be compared with measured ones."""

import pytest

from sklearn_turtle.datasets import DATASETS
from sklearn_turtle.paper.benchmark import QUOTED_FIGURES, BenchmarkResults
from sklearn_turtle.paper.benchmark._quoted import comparable_figures, quoted_by_dataset


def results(*cells):
    return BenchmarkResults(
        [
            {
                "dataset": dataset,
                "method": method,
                "label": method,
                "spaces": ["clip"],
                "accuracy": 0.5,
                "error": None,
            }
            for dataset, method in cells
        ]
    )


def test_figures_are_about_datasets_of_the_paper():
    assert {figure.dataset for figure in QUOTED_FIGURES} <= {None, *DATASETS}


def test_only_measured_quantities_and_datasets():
    figures = comparable_figures(results(("cifar10", "kmeans"), ("own", "kmeans")))
    assert {(f.quantity, f.dataset) for f in figures} == {
        ("accuracy", "cifar10"),
        ("NMI", "cifar10"),
        ("ARI", "cifar10"),
    }
    assert comparable_figures(results(("own", "kmeans"))) == []


@pytest.mark.parametrize(
    ("methods", "quantity"),
    [
        (("kmeans", "zero-shot"), "difference to zero-shot"),
        (("turtle", "linear-probe"), "correlation with the probe"),
    ],
)
def test_means_over_the_datasets_of_the_paper(methods, quantity):
    figures = comparable_figures(results(*(("pets", method) for method in methods)))
    assert {f.quantity for f in figures if f.dataset is None} == {quantity}


def test_values_by_dataset():
    measured = results(("cifar10", "kmeans"), ("imagenet", "kmeans"), ("mnist", "kmeans"))
    assert quoted_by_dataset(measured, "accuracy") == {"imagenet": 0.729, "cifar10": 0.995}
    assert quoted_by_dataset(measured, None) == {}
