"""Plot the adjusted Rand index against imbalance, beside other ways to cluster embeddings.

    python examples/benchmarks/imbalance.py --data FOLDER      # NAME/*.npy and NAME/labels.npy
    python examples/benchmarks/imbalance.py                    # the digits only

For an imbalance f, the class of rank r keeps at most ``n_max * f ** (-r / (C - 1))`` rows, and at
least 5; the order of the classes is random. The released settings are those of the authors' loop;
they take features with the norms of CLIP, so the spaces are scaled to a norm of 20 for them.
HDBSCAN chooses the number of clusters, and the rows that it leaves out count as one more cluster.

The script prints a table in Markdown of the medians over the seeds, and draws imbalance.svg if
matplotlib is installed.
"""

import argparse
import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from peers import datasets
from sklearn.cluster import HDBSCAN, KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import normalize

from sklearn_turtle import RELEASED_SETTINGS, TurtleClustering

IMBALANCES = (1, 3, 10, 30, 50, 100)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder of datasets: NAME/*.npy, NAME/labels.npy")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", nargs="+", help="names of datasets")
    parser.add_argument("--imbalances", type=float, nargs="+", default=IMBALANCES)
    parser.add_argument("--without-released", action="store_true", help="skip the authors' loop")
    parser.add_argument("-o", "--output", type=Path, default=Path("imbalance.svg"))
    arguments = parser.parse_args()
    curves = {}
    for name, spaces, y in datasets(arguments.data):
        if arguments.only and name not in arguments.only:
            continue
        for imbalance in arguments.imbalances:
            rows = long_tail(y, imbalance) if imbalance > 1 else np.arange(len(y))
            found = measure([x[rows] for x in spaces], y[rows], arguments)
            for method, of_method in found.items():
                curves.setdefault((name, method), {})[imbalance] = of_method
                print(f"| {name} | {imbalance:g} | {method} | {of_method:.3f} |", flush=True)
    if find_spec("matplotlib"):
        draw(curves, arguments.output)


def long_tail(y, imbalance):
    """Rows of a dataset whose class sizes fall by ``imbalance``."""
    rng = np.random.default_rng(0)
    classes, counts = np.unique(y, return_counts=True)
    kept = []
    for rank, c in enumerate(rng.permutation(classes)):
        rows = rng.permutation(np.flatnonzero(y == c))
        share = imbalance ** (-rank / (len(classes) - 1))
        kept.append(rows[: int(max(5, min(len(rows), counts.max() * share)))])
    return np.sort(np.concatenate(kept))


def methods(spaces, n_clusters, arguments):
    """Functions from a seed to labels, by name."""
    joint = np.hstack([normalize(np.asarray(x, dtype=np.float32)) for x in spaces])
    of_norm_20 = [20 * normalize(np.asarray(x, dtype=np.float32)) for x in spaces]

    def turtle(seed):
        turtle = TurtleClustering(n_clusters, precision="float32", device="cpu", random_state=seed)
        return turtle.fit_predict(spaces)

    def released(seed):
        turtle = TurtleClustering(n_clusters, **RELEASED_SETTINGS, random_state=seed)
        return turtle.fit_predict(of_norm_20)

    found = {
        "TurtleClustering()": turtle,
        "KMeans(n_init=10)": lambda seed: KMeans(
            n_clusters, n_init=10, random_state=seed
        ).fit_predict(joint),
        "HDBSCAN": lambda seed: HDBSCAN(copy=True).fit_predict(joint),
    }
    if not arguments.without_released:
        found["released settings"] = released
    return found


def measure(spaces, y, arguments):
    """Median adjusted Rand index of each method."""
    found = {}
    for method, run in methods(spaces, len(np.unique(y)), arguments).items():
        # one run of what does not depend on the seed, or takes minutes
        n_seeds = 1 if method in ("HDBSCAN", "released settings") else arguments.seeds
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values = [adjusted_rand_score(y, run(seed)) for seed in range(n_seeds)]
        found[method] = float(np.median(values))
    return found


def draw(curves, file):
    import matplotlib.pyplot as plt

    names = list(dict.fromkeys(name for name, _ in curves))
    figure, panels = plt.subplots(1, len(names), figsize=(4.5 * len(names), 4), squeeze=False)
    for panel, name in zip(panels[0], names, strict=True):
        for (of_name, method), curve in curves.items():
            if of_name == name:
                width = 2.5 if method.startswith("Turtle") else 1.5
                panel.plot(curve.keys(), curve.values(), marker="o", lw=width, label=method)
        panel.set(title=name, xscale="log", xlabel="largest class / smallest class", ylim=(0, 1))
    panels[0, 0].set_ylabel("adjusted Rand index")
    panels[0, 0].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(file)


if __name__ == "__main__":
    main()
