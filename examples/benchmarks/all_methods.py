"""Compare the methods of the paper in one table: TURTLE, HUME, k-means and the linear probe.

    python examples/benchmarks/all_methods.py                  # the digits
    python examples/benchmarks/all_methods.py --data FOLDER    # and FOLDER/NAME/*.npy, labels.npy

TURTLE runs with its defaults, on each space and on all of them. HUME with its own settings takes
days, so the table uses the settings of ``make_short_hume``, about a ten thousandth of the work. A
second table has the time of one seed with HUME's own settings, timed on two subsets of an outer
step and scaled (see ``hume_time.py``). The folder ``--output`` keeps finished cells, which are not
run again.
"""

import argparse
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from hume_time import seconds_per_seed, seconds_per_subset
from sklearn.exceptions import ConvergenceWarning

from sklearn_turtle.datasets import load_digit_spaces
from sklearn_turtle.paper.baselines import HUME
from sklearn_turtle.paper.benchmark import Method, run_benchmark


def main():
    arguments = parse_arguments()
    print(f"{torch.get_num_threads()} thread(s), torch {torch.__version__}", flush=True)
    with TemporaryDirectory() as folder:
        features = gather_features(Path(folder), arguments.data)
        results = run_benchmark(
            features,
            arguments.output,
            methods=[
                "turtle-1",
                "turtle",
                Method("hume, short", make_short_hume),
                "kmeans",
                "linear-probe",
            ],
            seeds=range(arguments.seeds),
            verbose=1,
        )
        print(f"\n{results.to_markdown()}\n")
        warnings.simplefilter(
            "ignore", ConvergenceWarning
        )  # the timed steps are too few to converge
        turtle_seconds = results.score("seconds", np.median)[:, results.methods.index("turtle")]
        print("| dataset | turtle, seconds | HUME(n_seeds=1), seconds (scaled) | ratio |")
        print("| --- | --- | --- | --- |", flush=True)
        for name, seconds in zip(results.datasets, turtle_seconds, strict=True):
            files = sorted(f for f in (features / name).glob("*.npy") if f.name != "labels.npy")
            n_clusters = len(np.unique(np.load(features / name / "labels.npy")))
            spaces = [np.load(file) for file in files]
            hume_seconds = seconds_per_seed(seconds_per_subset(spaces, n_clusters))
            print(
                f"| {name} | {seconds:.1f} | {hume_seconds:.0f} | {hume_seconds / seconds:.0f} |",
                flush=True,
            )


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with one folder per dataset")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--output", type=Path, default=Path("all_methods"))
    return parser.parse_args()


def gather_features(folder, data):
    """Make a folder with the digits and with links to the datasets in ``data``."""
    digits = folder / "digits"
    digits.mkdir()
    spaces, y = load_digit_spaces()
    np.save(digits / "labels.npy", y)
    for name, X in spaces.items():
        np.save(digits / f"{name}.npy", X)
    for dataset in sorted(data.iterdir()) if data else []:
        (folder / dataset.name).symlink_to(dataset.resolve())
    return folder


def make_short_hume(n_clusters, seed):
    # chosen on the digits: longer runs and other outer rates gave no better labeling
    return HUME(
        n_clusters,
        n_seeds=3,
        max_iter=150,
        n_subsets=1,
        subset_size=2000,
        inner_steps=100,
        inner_lr=0.003,
        outer_lr=0.01,
        annealing_steps=(50, 100),
        cv=2,
        random_state=seed,
        device="cpu",
    )


if __name__ == "__main__":
    main()
