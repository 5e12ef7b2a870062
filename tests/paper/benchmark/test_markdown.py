"""The tables in Markdown."""

import numpy as np
import pytest

from sklearn_turtle.paper.benchmark import Method
from tests.support.feature_folders import make_dataset, write_dataset_folder
from tests.support.small_benchmark import Constant, run


class Drawn(Constant):
    """Random clusters."""

    def predict(self, X):
        return np.random.default_rng(self.cluster).integers(3, size=len(X["clip"]))


def test_means_over_seeds_have_standard_deviations(folder):
    drawn = Method("drawn", lambda n_clusters, seed: Drawn(seed))
    results = run(folder, [drawn], seeds=[0, 1, 2], datasets=["mnist"])
    single = [record["accuracy"] for record in results.records]
    assert len(set(single)) > 1
    assert results.score("accuracy")[0, 0] == pytest.approx(np.mean(single))
    text = results.to_markdown()
    assert f"| MNIST | {np.mean(single):.3f} ± {np.std(single):.3f} |" in text
    assert "Means over 3 seeds, with standard deviations." in text


def test_difference_to_zero_shot(folder):
    results = run(folder, ["kmeans", "kmeans-1", "zero-shot"])
    assert results.methods[-1] == "zero-shot (clip)"  # the other space has no class embeddings
    accuracy = results.score("accuracy")
    assert (accuracy[:, -1] > 0.8).all()
    difference = results.difference_to_zero_shot()
    np.testing.assert_allclose(difference[:, :2], accuracy[:, :2] - accuracy[:, -1:])
    assert np.isnan(difference[:, 2]).all()  # zero-shot transfer did not run in "dino"
    assert (difference[:, -1] == 0).all()
    text = results.to_markdown()
    assert "## Difference to zero-shot" in text
    (quoted,) = [line for line in text.splitlines() if line.endswith("| +0.210 |")]
    assert quoted.startswith("| MNIST |")


def test_datasets_outside_the_paper_have_no_quoted_figures(folder):
    write_dataset_folder(folder / "own" / "features" / "flowers of mine", *make_dataset(0)["train"])
    text = run(folder / "own").to_markdown()
    assert "| flowers of mine |" in text
    assert "fitted and scored on the same rows" in text
    assert "quoted" not in text


def test_mean_over_complete_datasets(folder):
    results = run(folder)
    (mean,) = results.score("accuracy").mean(0)
    assert f"| **mean of 2 datasets** | **{mean:.3f}** |" in results.to_markdown()
