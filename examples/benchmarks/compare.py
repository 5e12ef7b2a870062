"""Compare time and accuracy of TurtleClustering with the textbook loop and k-means.

Everything runs in turn, in one process on one machine:

(a) the textbook loop: a literal implementation by automatic differentiation, with the released
    settings, timed over some steps and scaled to all 6000;
(b) TurtleClustering with defaults, and with ``n_init=1``;
(c) ``KMeans(n_init=10)`` of scikit-learn on the L2-normalized, concatenated spaces;
(d) only the matrix products of (b), recorded in one fit, as a lower bound.

    python examples/benchmarks/compare.py                        # the digits
    python examples/benchmarks/compare.py --data FOLDER          # NAME/*.npy and NAME/labels.npy
    python examples/benchmarks/compare.py --synthetic 20000 512 768 50     # n, widths, clusters

With ``--device cuda``, the features are on the device before the clock starts. The script prints a
table in Markdown and writes all measurements to a JSON file.
"""

import argparse
import json
import platform
import resource
import statistics
import sys
import warnings
from collections import Counter
from datetime import date
from pathlib import Path
from time import perf_counter
from unittest.mock import patch

import numpy as np
import torch
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.preprocessing import normalize
from torch.utils._python_dispatch import TorchDispatchMode

from sklearn_turtle import RELEASED_SETTINGS, TurtleClustering
from sklearn_turtle.datasets import load_digit_spaces
from sklearn_turtle.metrics import clustering_accuracy

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.support.literal import textbook_turtle


def main():
    arguments = parse_arguments()
    device = arguments.device = torch.device(arguments.device)
    on_gpu = device.type == "cuda"
    report = {
        "date": date.today().isoformat(),
        "machine": platform.processor() or platform.machine(),
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "device": torch.cuda.get_device_name(device) if on_gpu else str(device),
        "precision": arguments.precision,
        "results": [],
    }
    if on_gpu:  # the first fit starts the libraries of the GPU
        TurtleClustering(10, device=device).fit(list(load_digit_spaces()[0].values()))
    for name, spaces, y, n_clusters in datasets(arguments):
        if on_gpu:
            spaces = [as_tensor(x).to(device) for x in spaces]
        widths = [x.shape[1] for x in spaces]
        print(f"{name}: {len(y)} samples, {widths} features, {n_clusters} clusters", flush=True)
        results = compare(name, spaces, y, n_clusters, arguments)
        print(markdown(results), flush=True)
        report["results"] += results
        arguments.output.write_text(json.dumps(report, indent=1))  # complete after each dataset
    print(f"All measurements: {arguments.output}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder of datasets: NAME/*.npy, NAME/labels.npy")
    parser.add_argument("--synthetic", type=int, nargs="+", metavar="N", help="n, widths, clusters")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--textbook-steps", type=int, default=20)
    parser.add_argument(
        "--without-kmeans", action="store_true", help="for sizes at which k-means takes too long"
    )
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--precision", default="auto", help="precision of TurtleClustering")
    parser.add_argument("-o", "--output", type=Path, default=Path("compare.json"))
    return parser.parse_args()


def datasets(arguments):
    """Yield (name, spaces, true labels, number of clusters) of each dataset."""
    if arguments.synthetic:
        n, *widths, n_clusters = arguments.synthetic
        device = arguments.device
        generator = torch.Generator(device).manual_seed(0)
        y = torch.randint(n_clusters, (n,), generator=generator, device=device)
        spaces = []
        for width in widths:
            centers = torch.randn(n_clusters, width, generator=generator, device=device)
            noise = torch.randn(n, width, generator=generator, device=device)
            spaces.append(noise.mul_(2).add_(centers[y]))
        yield "synthetic", spaces, y.cpu().numpy(), n_clusters
    elif arguments.data:
        for folder in sorted(arguments.data.iterdir()):
            files = sorted(file for file in folder.glob("*.npy") if file.name != "labels.npy")
            y = np.load(folder / "labels.npy")
            spaces = [np.load(file, mmap_mode="r") for file in files]
            yield folder.name, spaces, y, len(np.unique(y))
    else:
        spaces, y = load_digit_spaces()
        yield "digits", list(spaces.values()), y, 10


def compare(name, spaces, y, n_clusters, arguments):
    def turtle(**parameters):
        estimator = TurtleClustering(
            n_clusters, device=arguments.device, precision=arguments.precision, **parameters
        )
        return lambda seed: estimator.set_params(random_state=seed).fit_predict(spaces)

    methods = {
        "TurtleClustering()": turtle(),
        "TurtleClustering(n_init=1)": turtle(n_init=1),
    }
    reference = "TurtleClustering()"
    if not arguments.without_kmeans:
        reference = "KMeans(n_init=10)"
        concatenated = np.hstack([normalize(as_tensor(x).float().cpu().numpy()) for x in spaces])
        methods[reference] = lambda seed: KMeans(
            n_clusters, n_init=10, random_state=seed
        ).fit_predict(concatenated)
    on_gpu = arguments.device.type == "cuda"
    if on_gpu:
        torch.cuda.reset_peak_memory_stats()
    runs = {method: [] for method in methods}
    for seed in range(arguments.seeds):  # in turn, so that other work on the machine affects all
        for method, run in methods.items():
            start = perf_counter()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)
                labels = run(seed)
            seconds = perf_counter() - start
            runs[method].append(
                {
                    "seconds": seconds,
                    "accuracy": clustering_accuracy(y, labels),
                    "NMI": normalized_mutual_info_score(y, labels),
                    "ARI": adjusted_rand_score(y, labels),
                }
            )
    # the peak of the process so far: an upper bound for each method
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    peaks = {"process_peak_MiB": peak}
    if on_gpu:
        peaks["device_peak_MiB"] = torch.cuda.max_memory_allocated() / 2**20
    results = [
        {"dataset": name, "method": method, "runs": measured} | peaks
        for method, measured in runs.items()
    ]
    for bound, seconds in (
        ("textbook loop, 6000 steps (scaled)", textbook_seconds(spaces, n_clusters, arguments)),
        ("matrix products of a default fit, alone", floor_seconds(spaces, n_clusters, arguments)),
    ):
        results.append({"dataset": name, "method": bound, "runs": [{"seconds": seconds}]})
    for result in results:
        seconds = median(result["runs"], "seconds")
        result["time_ratio"] = seconds / median(runs[reference], "seconds")
        result["ratio_to"] = reference
    return results


def textbook_seconds(spaces, n_clusters, arguments):
    """Estimate the seconds of 6000 steps of the textbook loop from a few steps."""
    device = arguments.device
    tensors = [as_tensor(x).to(device, torch.float32) for x in spaces]
    n, n_steps = len(tensors[0]), arguments.textbook_steps
    generator = torch.Generator(device).manual_seed(0)

    def layers(step=None):
        return [
            (
                torch.randn(n_clusters, x.shape[1], generator=generator, device=device)
                / x.shape[1] ** 0.5,
                torch.zeros(n_clusters, device=device),
            )
            for x in tensors
        ]

    def run(n_steps):
        size = min(n, RELEASED_SETTINGS["batch_size"])
        batches = [
            torch.randperm(n, generator=generator, device=device)[:size] for _ in range(n_steps)
        ]
        synchronize(device)
        start = perf_counter()
        textbook_turtle(
            tensors,
            layers(),
            layers,
            batches,
            dtype=torch.float32,
            **{
                name: RELEASED_SETTINGS[name]
                for name in ("gamma", "inner_steps", "inner_lr", "outer_lr", "inner_start")
            },
        )
        return perf_counter() - start

    run(2)  # warm up
    return run(n_steps) / n_steps * RELEASED_SETTINGS["max_iter"]


class RecordedProducts(TorchDispatchMode):
    """Count the matrix products inside the context, by shape, layout and dtype."""

    def __init__(self):
        super().__init__()
        self.counts = Counter()

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        if operation.overloadpacket in (torch.ops.aten.mm, torch.ops.aten.addmm):
            left, right = args[-2:]
            is_transposed = left.stride(0) == 1 != left.stride(1)
            self.counts[(*left.shape, right.shape[1], is_transposed, left.dtype)] += 1
        return operation(*args, **(kwargs or {}))


def floor_seconds(spaces, n_clusters, arguments):
    """Time only the matrix products of a whole fit with defaults."""
    device = arguments.device
    with (
        # the products of a replayed CUDA graph would not be recorded
        patch("sklearn_turtle._solver.loop._solve.CapturedStep", lambda step, *args: step),
        RecordedProducts() as recorded,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore", ConvergenceWarning)
        TurtleClustering(
            n_clusters, device=arguments.device, precision=arguments.precision, random_state=0
        ).fit(spaces)

    total = 0.0
    for (n, inner, columns, is_transposed, dtype), count in recorded.counts.items():
        shape = (inner, n) if is_transposed else (n, inner)
        left = torch.randn(shape, device=device).to(dtype)
        left = left.T if is_transposed else left
        right = torch.randn(inner, columns, device=device).to(dtype)
        product = torch.empty(n, columns, dtype=dtype, device=device)
        torch.mm(left, right, out=product)
        synchronize(device)
        n_timed = min(count, 50)
        start = perf_counter()
        for _ in range(n_timed):
            torch.mm(left, right, out=product)
        synchronize(device)
        total += (perf_counter() - start) / n_timed * count
    return total


def as_tensor(x):
    """Make a tensor of a copy of an array, or return a tensor as it is."""
    return x if isinstance(x, torch.Tensor) else torch.from_numpy(np.array(x))


def synchronize(device):
    """Wait until a GPU has finished its work."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def median(runs, name):
    return statistics.median(run[name] for run in runs)


def markdown(results):
    lines = [
        "| dataset | method | accuracy (range) | NMI | ARI | seconds (range) "
        f"| relative to {results[0]['ratio_to']} |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for result in results:
        runs = result["runs"]
        cells = [result["dataset"], result["method"]]
        if "accuracy" in runs[0]:
            accuracies = [run["accuracy"] for run in runs]
            cells.append(
                f"{median(runs, 'accuracy'):.3f} ({min(accuracies):.3f}-{max(accuracies):.3f})"
            )
            cells += [f"{median(runs, score):.3f}" for score in ("NMI", "ARI")]
        else:
            cells += ["", "", ""]
        seconds = [run["seconds"] for run in runs]
        spread = f" ({min(seconds):.1f}-{max(seconds):.1f})" if len(runs) > 1 else ""
        cells.append(f"{median(runs, 'seconds'):.1f}{spread}")
        cells.append(f"{result['time_ratio']:.2f}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
