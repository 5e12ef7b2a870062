"""Cells: what they measure, and what they record if they fail."""

import json
import warnings

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from sklearn_turtle import TurtleClustering
from sklearn_turtle.metrics import clustering_accuracy
from sklearn_turtle.paper.baselines import GDA, POUF, UPL, ZeroShotClassifier
from sklearn_turtle.paper.benchmark import Method
from tests.support.feature_folders import SPACES, make_dataset, save
from tests.support.small_benchmark import DATASETS, SHORT, Constant, constant, record_of, run

UPL_SHORT = {"ensemble_size": 2, "n_epochs": 10}


def test_fitted_on_train_and_scored_on_val(folder):
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


def test_each_space_separately(folder):
    results = run(folder, ["kmeans", "kmeans-1"], datasets=["mnist"])
    assert results.methods == ["kmeans", "kmeans-1 (clip)", "kmeans-1 (dino)"]
    assert record_of(results, "mnist", "kmeans")["spaces"] == list(SPACES)
    only_dino = run(folder, ["kmeans"], datasets=["mnist"], spaces=["dino"])
    separate = record_of(results, "mnist", "kmeans-1 (dino)")
    assert only_dino.records[0]["accuracy"] == separate["accuracy"]


def test_supervised_predictions_are_classes(folder):
    class Shifted(Constant):  # correct up to the numbers of the classes
        def fit(self, X, y):
            return self

        def predict(self, X):
            return (np.load(folder / "features/labels/mnist_val.npy") + 1) % 3

    unsupervised = Method("unsupervised", lambda n_clusters, seed: Shifted())
    supervised = Method("supervised", lambda n_clusters, seed: Shifted(), "labels")
    results = run(folder, [unsupervised, supervised], datasets=["mnist"])
    assert results.score("accuracy").tolist() == [[1, 0]]


def test_class_embeddings_are_in_the_order_of_the_classes(folder):
    expected = run(folder, ["zero-shot"], datasets=["mnist"]).score("accuracy")
    names = np.array(["ant", "bee", "cat"])
    for split in ("train", "val"):
        labels = folder / "features" / "labels" / f"mnist_{split}.npy"
        save(labels, names[np.load(labels)])
    named = run(folder, ["zero-shot"], datasets=["mnist"])
    np.testing.assert_array_equal(named.score("accuracy"), expected)


def test_prompt_tuning(folder):
    tuned = [
        Method(
            "upl", lambda texts, seed: UPL(texts, random_state=seed, **UPL_SHORT), "class names"
        ),
        Method(
            "pouf", lambda texts, seed: POUF(texts, max_iter=20, random_state=seed), "class names"
        ),
        Method("gda", lambda texts, seed: GDA(texts), "class names"),
        Method("zero-shot", lambda texts, seed: ZeroShotClassifier(texts), "class names"),
    ]
    results = run(folder, tuned, datasets=["cifar10"])
    assert not results.failed
    assert results.methods == [f"{method.name} (clip)" for method in tuned]
    accuracy = results.score("accuracy")[0]
    assert (accuracy >= accuracy[-1] - 0.1).all()
    assert accuracy.min() > 0.5


def test_method_with_labels_is_scored_on_held_out_rows(folder):
    class Memory(Constant):  # predicts the classes of the rows that it was fitted on
        def fit(self, X, y):
            self.class_of = dict(zip(map(tuple, X["clip"]), y, strict=True))
            return self

        def predict(self, X):
            return np.array([self.class_of.get(tuple(row), -1) for row in X["clip"]])

    features, y = make_dataset(0)["train"]
    save(folder / "own" / "features" / "mine" / "clip.npy", features["clip"])
    save(folder / "own" / "features" / "mine" / "labels.npy", y)
    memory = Method("memory", lambda n_clusters, seed: Memory(), "labels")
    (record,) = run(folder / "own", [memory]).records
    assert (record["n_train"], record["n_val"], record["n_clusters"]) == (48, 12, 3)
    assert record["accuracy"] == 0
    # the splits of the other layout stay as they are
    (record,) = run(folder, [memory], datasets=["mnist"]).records
    assert (record["n_train"], record["n_val"]) == (60, 30)


def test_warnings_are_recorded(folder):
    class Warned(Constant):
        def fit(self, X, y):
            warnings.warn("be\ncareful", UserWarning, stacklevel=2)
            warnings.warn("not for users", DeprecationWarning, stacklevel=2)
            return self

    results = run(folder, [Method("warning", lambda n_clusters, seed: Warned())])
    assert [record["warnings"] for record in results.records] == [["be careful"]] * 2
    assert "## Warnings\n\n- cifar10, warning, seed 0: be careful\n" in results.to_markdown()


def break_features(folder):
    path = folder / "features" / "representations" / "dino" / "mnist_train.npy"
    path.write_bytes(b"nonsense")
    return "dino/mnist_train.npy: cannot be read"


def break_labels(folder):
    (folder / "features" / "labels" / "mnist_val.npy").unlink()
    return "mnist_val.npy: there is no such file"


def break_rows(folder):
    path = folder / "features" / "representations" / "dino" / "mnist_val.npy"
    save(path, np.load(path)[:-1])
    return "dino/mnist_val.npy: has 29 samples, but"


def break_values(folder):
    path = folder / "features" / "representations" / "dino" / "mnist_train.npy"
    matrix = np.load(path)
    matrix[5, 5] = np.nan
    save(path, matrix)
    return f"dino = {path}"


def replace_by_pickle(folder):
    path = folder / "features" / "representations" / "dino" / "mnist_train.npy"
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    return "dino/mnist_train.npy: cannot be read"


@pytest.mark.parametrize(
    "damage", [break_features, break_labels, break_rows, break_values, replace_by_pickle]
)
def test_other_cells_run_and_the_error_names_the_file(folder, damage):
    expected = damage(folder)
    results = run(folder, ["kmeans", "kmeans-1"])
    failed = {(record["dataset"], record["label"]) for record in results.failed}
    broken = {("mnist", "kmeans"), ("mnist", "kmeans-1 (dino)")}
    if damage is break_labels:
        broken.add(("mnist", "kmeans-1 (clip)"))
    assert failed == broken
    for record in results.failed:
        assert expected in record["error"]
        assert "\n" not in record["error"]
    assert np.isfinite(results.score("accuracy")).sum() == 6 - len(broken)
    text = results.to_markdown()
    assert text.count("| failed |") >= 1
    assert f"- mnist, kmeans, seed 0: {record_of(results, 'mnist', 'kmeans')['error']}" in text


def test_space_that_one_dataset_lacks(folder):
    for split in ("train", "val"):
        (folder / "features" / "representations" / "dino" / f"mnist_{split}.npy").unlink()
    results = run(folder, ["kmeans"], spaces=["clip", "dino"])
    (failed,) = results.failed
    assert failed["error"].endswith("dino/mnist_train.npy: there is no such file")
    assert not run(folder, ["kmeans"]).failed  # by default, each dataset has its own spaces


def test_error_of_the_method(folder):
    class Failing(Constant):
        def fit(self, X, y):
            raise RuntimeError("out of\nluck")

    failing = Method("failing", lambda n_clusters, seed: Failing())
    results = run(folder, [failing, constant()])
    assert len(results.failed) == 2
    assert results.failed[0]["error"].startswith("RuntimeError: out of luck (spaces: clip = ")
    assert json.dumps(results.failed)  # the records can be written
    assert "line" in results.failed[0]["traceback"]
