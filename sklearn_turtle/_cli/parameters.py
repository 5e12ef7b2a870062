"""Help texts of the parameters of the estimator, in the groups that ``--help`` shows.

The defaults are not part of the texts: they come from the signature of the estimator.
"""

from typing import NamedTuple


class ParameterGroup(NamedTuple):
    """Parameters of the estimator that ``--help`` shows together.

    Parameters
    ----------
    title : str
        Title of the group.
    description : str
        One line below the title.
    help_texts : dict of str to str
        Help text of each parameter, without its default.
    """

    title: str
    description: str
    help_texts: dict[str, str]


PARAMETER_GROUPS = (
    ParameterGroup(
        "common settings of TURTLE",
        "Parameters of sklearn_turtle.TurtleClustering; write 'none' for None.",
        {
            "cluster_prior": "prior sizes of the clusters: 'auto' (unknown), 'uniform' (about "
            "equal), or a number s for sizes proportional to r ** -s, from the largest cluster, "
            "r = 1, to the smallest",
            "space_weights": "how much each space counts: 'auto' (as much as it knows of the "
            "labeling) or 'equal'",
            "random_state": "seed of the random numbers; an integer gives the same result in "
            "every run",
            "device": "device that runs the fit: 'auto' (CUDA, then MPS, then the CPU), or a "
            "device of torch such as cpu or cuda:0",
            "verbose": "print about ten lines of progress; give it twice for one line per outer "
            "step",
        },
    ),
    ParameterGroup(
        "settings of TURTLE that trade time for accuracy",
        "The value 'auto' depends on the data and the device.",
        {
            "n_init": "number of restarts, trained side by side and merged into one labeling",
            "max_iter": "number of outer steps of each restart",
            "polish_iter": "number of outer steps on the merged labeling; 0 for none",
            "batch_size": "number of samples in a mini-batch; 'auto' for 1000, more with many "
            "clusters, less with few samples",
            "n_components": "number of principal axes of each space that the restarts see; 'none' "
            "for all features",
            "n_neighbors": "number of nearest neighbors that a row is averaged with; 0 for the "
            "rows as they are, with clusters of about equal size",
            "precision": "dtype of the factors of matrix products: 'auto', 'float32' or "
            "'bfloat16'; 'auto' for bfloat16 if the device has hardware for it",
        },
    ),
    ParameterGroup(
        "constants of TURTLE",
        "Most users never change them.",
        {
            "gamma": "weight of the entropy term, which keeps clusters from becoming empty",
            "inner_steps": "number of Adam steps on the classifiers in each outer step",
            "inner_lr": "learning rate of the classifiers; 'auto' for 0.005 * log(n_clusters) / "
            "inner_steps",
            "inner_start": "weights of the classifiers at the start of each outer step: 'zero', "
            "'cold' for random weights, or 'warm' for those of the previous outer step",
            "outer_lr": "learning rate of the labeling",
            "schedule": "'cosine' decreases the learning rate of the labeling to zero along a half "
            "cosine, 'constant' keeps it",
            "scaling": "'l1' centers each space and scales it to a mean L1 norm of 400; 'none' "
            "keeps the features as they are, like the authors' released code",
            "calibrate": "'true' reduces the confidence of the probabilities to match the "
            "agreement of the restarts; the labels do not change",
        },
    ),
)
