"""Settings of the optimization of HUME for tests."""

from sklearn_turtle.paper.baselines._hume_solver import HumeSettings


def hume_settings(**changes):
    """Settings for three clusters of thirty rows, with the given changes."""
    return HumeSettings(
        **{
            "n_clusters": 3,
            "gamma": 10.0,
            "temperature": 0.1,
            "max_iter": 4,
            "n_subsets": 2,
            "subset_size": 20,
            "validation_fraction": 0.25,
            "inner_steps": 9,
            "inner_lr": 0.5,
            "inner_start": "cold",
            "outer_lr": 0.05,
            "max_grad_norm": 1.0,
            "annealing_steps": (2, 3),
        }
        | changes
    )
