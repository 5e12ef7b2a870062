"""Evaluate choices without labels by means of labels.

    python examples/benchmarks/choosing.py n-clusters --data FOLDER
    python examples/benchmarks/choosing.py n-clusters --data FOLDER --subset-seed 1
    python examples/benchmarks/choosing.py calibration --data FOLDER
    python examples/benchmarks/choosing.py search --data FOLDER --only banking77

``FOLDER/NAME/*.npy`` holds the spaces of a dataset, and ``labels.npy`` its classes. Random subsets
of the classes count as further datasets. Without ``--data``, the dataset is the pixels of the
digits.

n-clusters
    Prints the number of classes, the number that ``select_n_clusters`` chooses, and the number with
    the highest adjusted Rand index (mean of three fits) among those tried within a factor of two of
    the classes or of the choice; and the loss of that index by the choice.
calibration
    Prints the expected calibration error of ``predict_proba``, with clusters matched to classes.
search
    Prints the accuracy of the setting that ``TurtleSearch`` chooses among 12 (mean of its fits from
    all seeds), and that of the best and the worst setting. With ``--with-grid-search``, also
    compares its time with that of ``GridSearchCV`` over the same candidates, in one process.
"""

import argparse
import warnings
from pathlib import Path
from time import perf_counter

import numpy as np
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import GridSearchCV

from sklearn_turtle import TurtleClustering, stack_spaces
from sklearn_turtle.metrics import clustering_accuracy, match_clusters
from sklearn_turtle.model_selection import TurtleSearch, select_n_clusters

SUBSETS = {
    "digits": [2, 5],
    "banking77": [2, 5, 20, 40],
    "caltech101": [5, 10, 30],
    "cifar10_test": [2, 5],
}
GRID = {"gamma": [3.0, 10.0, 30.0], "outer_lr": [0.005, 0.01], "inner_lr": [0.01, 0.02]}


def main():
    parser = argparse.ArgumentParser(
        description="Evaluate choices without labels by means of labels."
    )
    parser.add_argument("what", choices=["n-clusters", "calibration", "search"])
    parser.add_argument("--data", type=Path, help="folder of datasets: NAME/*.npy, labels.npy")
    parser.add_argument("--only", nargs="*", help="names of datasets")
    parser.add_argument("--subset-seed", type=int, default=0, help="seed of the subsets of classes")
    parser.add_argument("--n-fits", type=int, default=3, help="fits for each number of clusters")
    parser.add_argument("--n-init", type=int, default=8, help="restarts of a candidate in search")
    parser.add_argument("--seeds", type=int, default=1, help="number of searches")
    parser.add_argument("--with-grid-search", action="store_true", help="also time GridSearchCV")
    arguments = parser.parse_args()
    for name, spaces, y in datasets(arguments):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # clusters may be empty
            if arguments.what == "search":
                evaluate_search(name, spaces, y, arguments)
            elif arguments.what == "calibration":
                evaluate_calibration(name, spaces, y)
            else:
                evaluate_n_clusters(name, spaces, y, arguments.n_fits)


def datasets(arguments):
    """Yield name, spaces and classes of each dataset and of random subsets of its classes."""
    for name, spaces, y in whole_datasets(arguments.data):
        if arguments.only and name not in arguments.only:
            continue
        yield name, spaces, y
        for n_classes in SUBSETS.get(name, []) if arguments.what != "search" else []:
            rng = np.random.default_rng(arguments.subset_seed)
            classes = rng.choice(np.unique(y), n_classes, replace=False)
            rows = np.isin(y, classes)
            yield f"{name}, {n_classes} classes", [x[rows] for x in spaces], y[rows]


def whole_datasets(data):
    X, y = load_digits(return_X_y=True)
    yield "digits", [X], y
    for folder in sorted(data.iterdir()) if data else []:
        files = sorted(path for path in folder.glob("*.npy") if path.stem != "labels")
        yield folder.name, [np.load(path) for path in files], np.load(folder / "labels.npy")


def evaluate_n_clusters(name, spaces, y, n_fits):
    start = perf_counter()
    selection = select_n_clusters(spaces, random_state=0)
    seconds = perf_counter() - start
    n_classes = len(np.unique(y))
    agreement = {}
    for n_clusters in map(int, selection.candidates):
        if any(k / 2 <= n_clusters <= k * 2 for k in (n_classes, selection.n_clusters)):
            fits = [TurtleClustering(n_clusters, random_state=seed) for seed in range(n_fits)]
            scores = [adjusted_rand_score(y, turtle.fit_predict(spaces)) for turtle in fits]
            agreement[n_clusters] = np.mean(scores)
    best = max(agreement, key=agreement.get)
    for row in zip(
        selection.candidates,
        selection.stability,
        selection.entropy,
        selection.accuracy,
        selection.null_accuracy,
        selection.score,
        selection.score_error,
        strict=True,
    ):
        found = agreement.get(int(row[0]), np.nan)
        numbers = "{:4d}  {:.3f}  {:.3f}  {:.3f}  {:.3f}  {:.3f} +- {:.3f}".format(*row)
        print(f"   {numbers}  ARI {found:.3f}")
    lost = agreement[best] - agreement[selection.n_clusters]
    print(
        f"| {name} | {n_classes} | {selection.n_clusters} | {best} | {lost:.3f} | {seconds:.0f} |",
        flush=True,
    )


def evaluate_calibration(name, spaces, y):
    turtle = TurtleClustering(len(np.unique(y)), random_state=0).fit(spaces)
    class_of = match_clusters(y, turtle.labels_)
    right = np.array([class_of.get(label, -1) for label in turtle.labels_.tolist()]) == y
    temperature = turtle.temperature_
    after = calibration_error(turtle.predict_proba(spaces).max(1), right)
    turtle.temperature_ = 1.0
    before = calibration_error(turtle.predict_proba(spaces).max(1), right)
    print(
        f"| {name} | {right.mean():.3f} | {before:.3f} | {after:.3f} | {temperature:.2f} |",
        flush=True,
    )


def calibration_error(confidence, right, n_bins=15):
    bins = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    return sum(
        (bins == b).mean() * abs(confidence[bins == b].mean() - right[bins == b].mean())
        for b in np.unique(bins)
    )


def evaluate_search(name, spaces, y, arguments):
    X, widths = stack_spaces(spaces)
    turtle = TurtleClustering(len(np.unique(y)), spaces=widths, n_init=arguments.n_init)
    chosen, accuracies = [], []

    def score(candidate, X, y_test=None):
        accuracies.append(clustering_accuracy(y, candidate.labels_))
        return candidate.score(X)

    for seed in range(arguments.seeds):
        start = perf_counter()
        search = TurtleSearch(turtle.set_params(random_state=seed), GRID, scoring=score).fit(X)
        seconds = perf_counter() - start
        chosen.append(search.best_index_)
        seed_accuracies = accuracies[-len(search.cv_results_["params"]) :]
        print(
            f"{name}, seed {seed}: TurtleSearch {seconds:.1f} s, {search.best_params_}, accuracy "
            f"{seed_accuracies[search.best_index_]:.3f} "
            f"(range {min(seed_accuracies):.3f} to {max(seed_accuracies):.3f})",
            flush=True,
        )
    setting_accuracies = np.reshape(accuracies, (arguments.seeds, -1)).mean(0)
    for parameters, accuracy in zip(search.cv_results_["params"], setting_accuracies, strict=True):
        print(f"   {accuracy:.3f}  {parameters}")
    print(
        f"{name}: mean accuracy of the setting chosen by each seed "
        f"{', '.join(f'{accuracy:.3f}' for accuracy in setting_accuracies[chosen])}; of the best "
        f"setting {setting_accuracies.max():.3f}, of the worst {setting_accuracies.min():.3f}",
        flush=True,
    )
    if arguments.with_grid_search:
        start = perf_counter()
        GridSearchCV(turtle, GRID).fit(X)
        ratio = (perf_counter() - start) / seconds
        print(f"{name}: GridSearchCV takes {ratio:.2f} times as long", flush=True)


if __name__ == "__main__":
    main()
