"""Cells: what is measured, what fails, and what is run again."""

import json
import warnings

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from sklearn_turtle import TurtleClustering
from sklearn_turtle.metrics import clustering_accuracy
from sklearn_turtle.paper.benchmark import BenchmarkResults, Method, run_benchmark, write_figures
from sklearn_turtle.paper.benchmark._methods import known_methods
from tests.support.feature_folders import N_TRAIN, SPACES, make_dataset, save, write_released

SHORT = {"n_init": 4, "max_iter": 30, "polish_iter": 5, "device": "cpu"}
DATASETS = ["cifar10", "mnist"]


class Constant(BaseEstimator):
    """Predicts one cluster, and counts its fits."""

    n_fits = 0

    def __init__(self, cluster=0):
        self.cluster = cluster

    def fit(self, X, y):
        assert y is None
        type(self).n_fits += 1
        return self

    def predict(self, X):
        return np.full(len(X["dino"]), self.cluster)


@pytest.fixture
def folder(tmp_path):
    write_released(tmp_path / "features", DATASETS)
    Constant.n_fits = 0
    return tmp_path


def run(folder, methods=("kmeans",), **parameters):
    return run_benchmark(folder / "features", folder / "out", methods=methods, **parameters)


def constant(cluster=0):
    return Method("constant", lambda n_clusters, seed: Constant(cluster))


def record_of(results, dataset, label):
    (record,) = (r for r in results.records if (r["dataset"], r["label"]) == (dataset, label))
    return record


class TestMeasured:
    def test_fitted_on_train_and_scored_on_val(self, folder):
        results = run(folder, ["turtle"], turtle_parameters=SHORT, seeds=[3])
        for row, dataset in enumerate(DATASETS):
            splits = make_dataset(row)
            turtle = TurtleClustering(3, random_state=3, **SHORT).fit(splits["train"][0])
            features, y = splits["val"]
            predicted = turtle.predict(features)
            record = record_of(results, dataset, "turtle")
            assert record["accuracy"] == clustering_accuracy(y, predicted)
            assert record["NMI"] == pytest.approx(normalized_mutual_info_score(y, predicted))
            assert record["ARI"] == pytest.approx(adjusted_rand_score(y, predicted))
            assert (record["n_train"], record["n_val"], record["n_clusters"]) == (60, 30, 3)
            assert results.score("accuracy")[row, 0] == record["accuracy"]

    def test_each_space_by_itself(self, folder):
        results = run(folder, ["kmeans", "kmeans-1"], datasets=["mnist"])
        assert results.methods == ["kmeans", "kmeans-1 (clip)", "kmeans-1 (dino)"]
        assert record_of(results, "mnist", "kmeans")["spaces"] == list(SPACES)
        only_dino = run(folder, ["kmeans"], datasets=["mnist"], spaces=["dino"])
        by_itself = record_of(results, "mnist", "kmeans-1 (dino)")
        assert only_dino.records[0]["accuracy"] == by_itself["accuracy"]

    def test_supervised_predictions_are_classes(self, folder):
        class Shifted(Constant):  # right up to the numbers of the classes
            def fit(self, X, y):
                return self

            def predict(self, X):
                return (np.load(folder / "features/labels/mnist_val.npy") + 1) % 3

        unsupervised = Method("unsupervised", lambda n_clusters, seed: Shifted())
        supervised = Method("supervised", lambda n_clusters, seed: Shifted(), "labels")
        results = run(folder, [unsupervised, supervised], datasets=["mnist"])
        assert results.score("accuracy").tolist() == [[1, 0]]

    def test_mean_over_seeds(self, folder):
        drawn = Method("drawn", lambda n_clusters, seed: Drawn(seed))
        results = run(folder, [drawn], seeds=[0, 1, 2], datasets=["mnist"])
        single = [record["accuracy"] for record in results.records]
        assert len(set(single)) > 1
        assert results.score("accuracy")[0, 0] == pytest.approx(np.mean(single))
        expected = f"| MNIST | {np.mean(single):.3f} ± {np.std(single):.3f} |"
        assert expected in results.to_markdown()

    def test_class_names_and_difference_to_zero_shot(self, folder):
        results = run(folder, ["kmeans", "kmeans-1", "zero-shot"])
        assert results.methods[-1] == "zero-shot (clip)"  # no embeddings for the other space
        accuracy = results.score("accuracy")
        assert (accuracy[:, -1] > 0.8).all()
        difference = results.difference_to_zero_shot()
        np.testing.assert_allclose(difference[:, :2], accuracy[:, :2] - accuracy[:, -1:])
        assert np.isnan(difference[:, 2]).all()  # "dino" has no zero-shot transfer
        assert (difference[:, -1] == 0).all()
        text = results.to_markdown()
        assert "## Difference to zero-shot" in text
        (quoted,) = [line for line in text.splitlines() if line.endswith("| +0.210 |")]
        assert quoted.startswith("| MNIST |")

    def test_class_embeddings_are_in_the_order_of_the_classes(self, folder):
        expected = run(folder, ["zero-shot"], datasets=["mnist"]).score("accuracy")
        names = np.array(["ant", "bee", "cat"])
        for split in ("train", "val"):
            labels = folder / "features" / "labels" / f"mnist_{split}.npy"
            save(labels, names[np.load(labels)])
        named = run(folder, ["zero-shot"], datasets=["mnist"])
        np.testing.assert_array_equal(named.score("accuracy"), expected)

    def test_another_number_of_class_embeddings(self, folder):
        embeddings = folder / "features" / "text" / "clip" / "mnist.npy"
        save(embeddings, np.load(embeddings)[:2])
        (failed,) = run(folder, ["kmeans", "zero-shot"]).failed
        assert f"{embeddings}: has 2 classes, but there are 3 in" in failed["error"]

    def test_prompt_tuning(self, folder):
        names = ["zero-shot", "upl", "pouf", "gda"]
        results = run(folder, names, datasets=["cifar10"])
        assert not results.failed
        assert results.methods == [f"{name} (clip)" for name in names]
        accuracy = results.score("accuracy")[0]
        assert (accuracy >= accuracy[0] - 0.1).all()
        assert accuracy.min() > 0.5

    def test_figure_of_the_difference_to_zero_shot(self, folder):
        pytest.importorskip("matplotlib")
        results = run(folder, ["kmeans", "zero-shot"])
        files = {file.name for file in write_figures(results, folder)}
        assert files == {"accuracy.png", "difference_to_zero_shot.png", "seconds.png"}
        assert all((folder / file).read_bytes().startswith(b"\x89PNG") for file in files)

    def test_folders_of_datasets(self, folder):
        splits = make_dataset(0)
        features, y = splits["train"]
        for space, matrix in features.items():
            save(folder / "own" / "flowers of mine" / f"{space}.npy", matrix)
        save(folder / "own" / "flowers of mine" / "labels.npy", y)
        results = run_benchmark(folder / "own", folder / "out", methods=["kmeans"])
        assert results.datasets == ["flowers of mine"]
        assert results.records[0]["n_train"] == results.records[0]["n_val"] == N_TRAIN
        assert "fitted and scored on the same rows" in results.to_markdown()
        assert "quoted" not in results.to_markdown()

    def test_a_method_that_has_labels_is_scored_on_other_rows(self, folder):
        class Memory(Constant):  # knows the rows that it has seen
            def fit(self, X, y):
                self.class_of = dict(zip(map(tuple, X["clip"]), y, strict=True))
                return self

            def predict(self, X):
                return np.array([self.class_of.get(tuple(row), -1) for row in X["clip"]])

        features, y = make_dataset(0)["train"]
        save(folder / "own" / "mine" / "clip.npy", features["clip"])
        save(folder / "own" / "mine" / "labels.npy", y)
        memory = Method("memory", lambda n_clusters, seed: Memory(), "labels")
        results = run_benchmark(folder / "own", folder / "out", methods=[memory])
        (record,) = results.records
        assert (record["n_train"], record["n_val"], record["n_clusters"]) == (48, 12, 3)
        assert record["accuracy"] == 0
        # of the other layout, the splits are as they are
        (record,) = run(folder, [memory], datasets=["mnist"]).records
        assert (record["n_train"], record["n_val"]) == (60, 30)

    def test_warnings_are_recorded(self, folder):
        class Warned(Constant):
            def fit(self, X, y):
                warnings.warn("be\ncareful", UserWarning, stacklevel=2)
                warnings.warn("not for users", DeprecationWarning, stacklevel=2)
                return self

        results = run(folder, [Method("warning", lambda n_clusters, seed: Warned())])
        assert [record["warnings"] for record in results.records] == [["be careful"]] * 2
        assert "## Warnings\n\n- cifar10, warning, seed 0: be careful\n" in results.to_markdown()


class Drawn(Constant):
    """Clusters drawn at random."""

    def predict(self, X):
        return np.random.default_rng(self.cluster).integers(3, size=len(X["clip"]))


class TestResumed:
    def test_what_is_done_is_not_run_again(self, folder):
        first = run(folder, [constant()])
        assert Constant.n_fits == 2
        second = run(folder, [constant()])
        assert Constant.n_fits == 2
        assert second.records == first.records

    def test_other_files_seeds_spaces_and_parameters_are(self, folder):
        run(folder, [constant()])
        labels = folder / "features" / "labels" / "mnist_val.npy"
        save(labels, np.load(labels)[::-1])
        run(folder, [constant()])
        assert Constant.n_fits == 3
        run(folder, [constant()], seeds=[0, 1])
        assert Constant.n_fits == 5
        run(folder, [constant()], spaces=["dino"])
        assert Constant.n_fits == 7
        run(folder, [constant(cluster=1)])
        assert Constant.n_fits == 9

    def test_an_interruption_leaves_what_is_done(self, folder):
        class Interrupted(Constant):
            def fit(self, X, y):
                raise KeyboardInterrupt

        interrupted = Method("interrupted", lambda n_clusters, seed: Interrupted())
        with pytest.raises(KeyboardInterrupt):
            run(folder, [constant(), interrupted])
        assert Constant.n_fits == 1
        run(folder, [constant()])
        assert Constant.n_fits == 2

    def test_half_a_record_is_none(self, folder):
        run(folder, [constant()])
        (path,) = (folder / "out" / "cells" / "mnist").rglob("0.json")
        path.write_text(path.read_text()[:100])
        run(folder, [constant()])
        assert Constant.n_fits == 3


class TestFailed:
    def break_features(self, folder):
        path = folder / "features" / "representations" / "dino" / "mnist_train.npy"
        path.write_bytes(b"nonsense")
        return "dino/mnist_train.npy: cannot be read"

    def break_labels(self, folder):
        (folder / "features" / "labels" / "mnist_val.npy").unlink()
        return "mnist_val.npy: there is no such file"

    def break_rows(self, folder):
        path = folder / "features" / "representations" / "dino" / "mnist_val.npy"
        save(path, np.load(path)[:-1])
        return "dino/mnist_val.npy: has 29 samples, but"

    def break_values(self, folder):
        path = folder / "features" / "representations" / "dino" / "mnist_train.npy"
        matrix = np.load(path)
        matrix[5, 5] = np.nan
        save(path, matrix)
        return f"dino = {path}"

    def break_code(self, folder):
        path = folder / "features" / "representations" / "dino" / "mnist_train.npy"
        np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
        return "dino/mnist_train.npy: cannot be read"

    @pytest.mark.parametrize("what", ["features", "labels", "rows", "values", "code"])
    def test_others_go_on_and_the_file_is_named(self, folder, what):
        expected = getattr(self, f"break_{what}")(folder)
        results = run(folder, ["turtle", "turtle-1"], turtle_parameters=SHORT)
        failed = {(record["dataset"], record["label"]) for record in results.failed}
        broken = {("mnist", "turtle"), ("mnist", "turtle-1 (dino)")}
        if what == "labels":
            broken.add(("mnist", "turtle-1 (clip)"))
        assert failed == broken
        for record in results.failed:
            assert expected in record["error"]
            assert "\n" not in record["error"]
        assert np.isfinite(results.score("accuracy")).sum() == 6 - len(broken)
        text = results.to_markdown()
        assert text.count("| failed |") >= 1
        assert f"- mnist, turtle, seed 0: {record_of(results, 'mnist', 'turtle')['error']}" in text

    def test_a_space_that_one_dataset_lacks(self, folder):
        for split in ("train", "val"):
            (folder / "features" / "representations" / "dino" / f"mnist_{split}.npy").unlink()
        results = run(folder, ["kmeans"], spaces=["clip", "dino"])
        (failed,) = results.failed
        assert failed["error"].endswith("dino/mnist_train.npy: there is no such file")
        assert not run(folder, ["kmeans"]).failed  # not asked for, each dataset has its own

    def test_only_what_failed_is_run_again_once_mended(self, folder):
        path = folder / "features" / "representations" / "dino" / "mnist_train.npy"
        whole = path.read_bytes()
        path.write_bytes(b"")
        assert len(run(folder, [constant()]).failed) == 1
        assert Constant.n_fits == 1
        path.write_bytes(whole)
        assert not run(folder, [constant()]).failed
        assert Constant.n_fits == 2

    def test_an_error_of_the_method(self, folder):
        class Failing(Constant):
            def fit(self, X, y):
                raise RuntimeError("out of\nluck")

        failing = Method("failing", lambda n_clusters, seed: Failing())
        results = run(folder, [failing, constant()])
        assert len(results.failed) == 2
        assert results.failed[0]["error"].startswith("RuntimeError: out of luck (spaces: clip = ")
        assert json.dumps(results.failed)  # recorded with its traceback
        assert "line" in results.failed[0]["traceback"]


class TestRefused:
    def test_names(self, folder):
        with pytest.raises(ValueError, match="'kmean' is no method; there are turtle, kmeans"):
            run(folder, ["kmean"])
        with pytest.raises(ValueError, match="no dataset 'mnist2'; there are cifar10, mnist"):
            run(folder, datasets=["mnist2"])
        with pytest.raises(ValueError, match="no space 'siglip'; there are clip, dino"):
            run(folder, spaces=["siglip"])

    def test_folder_without_features(self, tmp_path):
        with pytest.raises(ValueError, match="holds no features"):
            run_benchmark(tmp_path, tmp_path / "out")

    def test_nothing_to_run(self, folder):
        with pytest.raises(ValueError, match="nothing to run"):
            run(folder, ["zero-shot"], spaces=["dino"])


def test_known_methods_take_parameters_and_seed():
    method = known_methods({"gamma": 3.0})["turtle"]
    estimator = method.make(7, 5)
    assert (estimator.n_clusters, estimator.random_state, estimator.gamma) == (7, 5, 3.0)


class TestAgainstProbe:
    def record(self, dataset, method, accuracy):
        about = {"dataset": dataset, "method": method, "label": method, "error": None}
        return about | {"accuracy": accuracy}

    def test_datasets_on_which_both_were_run(self):
        results = BenchmarkResults(
            [
                self.record("a", "turtle", 0.5),
                self.record("a", "linear-probe", 0.6),
                self.record("b", "turtle", 0.9),
                self.record("b", "linear-probe", 0.9),
                self.record("c", "turtle", 0.1),
            ]
        )
        comparison = results.compare_with_probe()
        assert comparison.names == ["a", "b"]
        assert comparison.correlation == pytest.approx(1)
        assert comparison.optimal() == ["b"]
        assert comparison.unsupervised_accuracy == pytest.approx(0.7)

    def test_neither(self):
        assert BenchmarkResults([self.record("a", "turtle", 0.5)]).compare_with_probe() is None
