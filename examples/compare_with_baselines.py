"""
Compare TURTLE with its baselines
=================================

The methods of the paper's comparison, on the same two spaces of the handwritten digits. HUME runs
with settings that take seconds. With its own settings (100 seeds, each of 1000 outer steps on 20
subsets with 300 inner steps), it takes weeks on a few cores. Only the linear probe uses labels.
"""

from time import perf_counter

from sklearn_turtle import TurtleClustering
from sklearn_turtle.datasets import load_digit_spaces
from sklearn_turtle.metrics import clustering_accuracy
from sklearn_turtle.paper.baselines import HUME, LinearProbe, SpacesKMeans

N_TRAIN, N_ALL = 600, 1000  # a part of the digits, so that the example is quick
spaces, digits = load_digit_spaces()
train = {name: X[:N_TRAIN] for name, X in spaces.items()}
test = {name: X[N_TRAIN:N_ALL] for name, X in spaces.items()}
train_digits, test_digits = digits[:N_TRAIN], digits[N_TRAIN:N_ALL]

# %%
# HUME gets fewer seeds and steps, and smaller subsets; higher rates compensate in part.
quick_hume = HUME(
    n_clusters=10,
    n_seeds=2,
    max_iter=30,
    n_subsets=1,
    subset_size=300,
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
# Fit each method on the training digits and apply it to new ones.
print(f"{'accuracy':22} {'train':>6} {'new':>6} {'seconds':>8}")


def print_row(name, train_accuracy, test_accuracy, start):
    seconds = perf_counter() - start
    print(f"{name:22} {train_accuracy:6.3f} {test_accuracy:6.3f} {seconds:8.1f}")


for name, clustering in clusterings.items():
    start = perf_counter()
    labels = clustering.fit(train).labels_
    print_row(
        name,
        clustering_accuracy(train_digits, labels),
        clustering_accuracy(test_digits, clustering.predict(test)),
        start,
    )

start = perf_counter()
probe = LinearProbe(random_state=0).fit(train, train_digits)
print_row(
    "linear probe (labels)",
    probe.score(train, train_digits),
    probe.score(test, test_digits),
    start,
)
