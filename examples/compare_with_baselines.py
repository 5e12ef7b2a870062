"""
TURTLE beside its baselines
===========================

Methods that the paper compares, on the same two spaces of the handwritten digits. HUME is run with
settings that take seconds; with its own (100 seeds, each of 1000 outer steps on 20 subsets with
300 inner steps) it takes weeks on a few cores. The linear probe alone sees labels.
"""

from time import perf_counter

from sklearn_turtle import TurtleClustering
from sklearn_turtle.datasets._digits import load_digit_spaces
from sklearn_turtle.metrics import clustering_accuracy
from sklearn_turtle.paper.baselines import HUME, LinearProbe, SpacesKMeans

spaces, digits = load_digit_spaces()
seen = {name: X[:1200] for name, X in spaces.items()}
new = {name: X[1200:] for name, X in spaces.items()}

# %%
# Fewer seeds and steps for HUME, on small subsets; larger rates make up for some of it.
quick_hume = HUME(
    n_clusters=10,
    n_seeds=3,
    max_iter=60,
    n_subsets=1,
    subset_size=600,
    inner_steps=20,
    inner_lr=10.0,
    outer_lr=0.01,
    annealing_steps=(),
    cv=2,
    random_state=0,
)
clusterings = {
    "TURTLE": TurtleClustering(n_clusters=10, random_state=0),
    "HUME, reduced": quick_hume,
    "k-means": SpacesKMeans(n_clusters=10, random_state=0),
}

# %%
# Each is fitted to the first 1200 digits and applied to the others.
print(f"{'accuracy':22} {'seen':>6} {'new':>6} {'seconds':>8}")


def print_row(name, accuracy_seen, accuracy_new, start):
    seconds = perf_counter() - start
    print(f"{name:22} {accuracy_seen:6.3f} {accuracy_new:6.3f} {seconds:8.1f}")


for name, clustering in clusterings.items():
    start = perf_counter()
    labels = clustering.fit(seen).labels_
    print_row(
        name,
        clustering_accuracy(digits[:1200], labels),
        clustering_accuracy(digits[1200:], clustering.predict(new)),
        start,
    )

start = perf_counter()
probe = LinearProbe(random_state=0).fit(seen, digits[:1200])
print_row(
    "linear probe (labels)",
    probe.score(seen, digits[:1200]),
    probe.score(new, digits[1200:]),
    start,
)
