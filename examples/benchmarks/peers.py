"""Plot accuracy against time, beside other ways to cluster embeddings.

    python examples/benchmarks/peers.py                    # the digits
    python examples/benchmarks/peers.py --data FOLDER      # NAME/*.npy and NAME/labels.npy, too

All methods run in turn, in one process. ``TurtleClustering`` takes the spaces, in float32 products;
the others take the L2-normalized, concatenated spaces. Methods of packages that are not installed
are left out: faiss (faiss-cpu), superkmeans, evoc, umap (umap-learn). EVoC and HDBSCAN choose the
number of clusters, and rows that they leave out count as one more cluster.

The script prints a table in Markdown of the medians over the seeds, writes all measurements to
peers.json, and draws peers.svg if matplotlib is installed.
"""

import argparse
import json
import statistics
import warnings
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

import numpy as np
from sklearn.cluster import HDBSCAN, KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import normalize

from sklearn_turtle import TurtleClustering
from sklearn_turtle.datasets import load_digit_spaces
from sklearn_turtle.metrics import clustering_accuracy


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder of datasets: NAME/*.npy, NAME/labels.npy")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", nargs="+", help="names of datasets")
    parser.add_argument("-o", "--output", type=Path, default=Path("peers.json"))
    arguments = parser.parse_args()
    results = []
    for name, spaces, y in datasets(arguments.data):
        if not arguments.only or name in arguments.only:
            results += measure(name, spaces, y, range(arguments.seeds))
            arguments.output.write_text(json.dumps(results, indent=1))
    print(table(results))
    if find_spec("matplotlib"):
        draw(results, arguments.output.with_suffix(".svg"))


def datasets(folder):
    """Yield (name, spaces, true labels) of each dataset."""
    spaces, y = load_digit_spaces()
    yield "digits", list(spaces.values()), y
    for of_dataset in sorted(folder.iterdir()) if folder else ():
        files = sorted(file for file in of_dataset.glob("*.npy") if file.name != "labels.npy")
        yield of_dataset.name, [np.load(file) for file in files], np.load(of_dataset / "labels.npy")


def methods(spaces, n_clusters):
    """Functions from a seed to labels, by name."""

    def turtle(**parameters):
        return lambda seed: TurtleClustering(
            n_clusters, precision="float32", device="cpu", random_state=seed, **parameters
        ).fit_predict(spaces)

    def concatenated():
        return np.hstack([normalize(np.asarray(x, dtype=np.float32)) for x in spaces])

    def kmeans(x, seed, n_init):
        return KMeans(n_clusters, n_init=n_init, random_state=seed).fit_predict(x)

    found = {
        "TurtleClustering()": turtle(),
        "TurtleClustering(n_init=4, max_iter=60)": turtle(n_init=4, max_iter=60),
        "TurtleClustering(n_init=1)": turtle(n_init=1),
        "TurtleClustering(n_init=1, max_iter=40)": turtle(n_init=1, max_iter=40),
        "KMeans(n_init=1)": lambda seed: kmeans(concatenated(), seed, 1),
        "KMeans(n_init=10)": lambda seed: kmeans(concatenated(), seed, 10),
    }
    if find_spec("faiss"):
        found["faiss.Kmeans"] = lambda seed: faiss_kmeans(concatenated(), n_clusters, seed)
    if find_spec("superkmeans"):
        found["SuperKMeans"] = lambda seed: superkmeans(concatenated(), n_clusters, seed)
    if find_spec("evoc"):
        found["EVoC"] = lambda seed: evoc(concatenated(), seed)
    if find_spec("umap"):
        found["UMAP + KMeans(n_init=10)"] = lambda seed: kmeans(
            umap_coordinates(concatenated(), seed), seed, 10
        )
        found["UMAP + HDBSCAN"] = lambda seed: HDBSCAN(copy=False).fit_predict(
            umap_coordinates(concatenated(), seed)
        )
    return found


def faiss_kmeans(x, n_clusters, seed):
    import faiss

    kmeans = faiss.Kmeans(x.shape[1], n_clusters, seed=seed, max_points_per_centroid=len(x))
    kmeans.train(x)
    return kmeans.index.search(x, 1)[1][:, 0]


def superkmeans(x, n_clusters, seed):
    from superkmeans import SuperKMeans

    kmeans = SuperKMeans(n_clusters, x.shape[1], iters=25, sampling_fraction=1.0, seed=seed)
    return kmeans.assign(x, kmeans.train(x)).astype(np.int64)


def evoc(x, seed):
    from evoc import EVoC

    return EVoC(random_state=seed).fit_predict(x)


def umap_coordinates(x, seed):
    from umap import UMAP

    return UMAP(n_components=10, min_dist=0.0, random_state=seed, n_jobs=1).fit_transform(x)


def measure(name, spaces, y, seeds):
    """Run all methods in turn; a list of results."""
    of_dataset = methods(spaces, len(np.unique(y)))
    runs = {method: [] for method in of_dataset}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for seed in seeds:
            for method, run in of_dataset.items():
                if seed == seeds[0] and method.startswith(("EVoC", "UMAP")):
                    run(seed)  # compiles
                start = perf_counter()
                labels = run(seed)
                seconds = perf_counter() - start
                labels = np.unique(labels, return_inverse=True)[1]
                runs[method].append(
                    (seconds, clustering_accuracy(y, labels), adjusted_rand_score(y, labels))
                )
                print(f"{name}, seed {seed}: {method} {runs[method][-1]}", flush=True)
    reference = statistics.median(run[0] for run in runs["KMeans(n_init=10)"])
    return [
        {
            "dataset": name,
            "method": method,
            "runs": of_method,
            "seconds": statistics.median(run[0] for run in of_method),
            "accuracy": statistics.median(run[1] for run in of_method),
            "ARI": statistics.median(run[2] for run in of_method),
            "of KMeans(n_init=10)": statistics.median(run[0] for run in of_method) / reference,
        }
        for method, of_method in runs.items()
    ]


def table(results):
    lines = [
        "| dataset | method | accuracy | ARI | seconds | of KMeans(n_init=10) |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for result in results:
        lines.append(
            f"| {result['dataset']} | {result['method']} | {result['accuracy']:.3f} | "
            f"{result['ARI']:.3f} | {result['seconds']:.2f} | "
            f"{result['of KMeans(n_init=10)']:.2f} |"
        )
    return "\n".join(lines)


def draw(results, file):
    import matplotlib.pyplot as plt

    names = list(dict.fromkeys(result["dataset"] for result in results))
    labels = list(dict.fromkeys(result["method"] for result in results))
    figure, panels = plt.subplots(1, len(names), figsize=(4 * len(names), 4.5), squeeze=False)
    for panel, name in zip(panels[0], names, strict=True):
        for number, method in enumerate(labels):
            (result,) = [
                one for one in results if one["dataset"] == name and one["method"] == method
            ]
            own = method.startswith("Turtle")
            panel.scatter(
                result["seconds"],
                result["accuracy"],
                marker="o" if own else "s",
                s=70 if own else 40,
                color=plt.get_cmap("tab20")(number),
                label=method,
            )
        panel.set(title=name, xscale="log", xlabel="seconds")
    panels[0, 0].set_ylabel("accuracy")
    handles, texts = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, texts, loc="lower center", ncols=4, fontsize=8)
    figure.tight_layout(rect=(0, 0.16, 1, 1))
    figure.savefig(file)


if __name__ == "__main__":
    main()
