"""The bilevel optimization of HUME, on tensors.

This package does not depend on scikit-learn: it takes tensors and settings and returns tensors.
The equations are those of Gadetsky and Brbic, "The Pursuit of Human Labeling: A New Perspective on
Unsupervised Learning", NeurIPS 2023 (arXiv:2311.02940). Details that the paper leaves open follow
the authors' released code.

Shapes: ``B`` rows of a subset, ``d`` features of a space, ``C`` clusters, ``S`` seeds.
"""

from sklearn_turtle.paper.baselines._hume_solver._optimization import optimize_labeling
from sklearn_turtle.paper.baselines._hume_solver._settings import HumeSettings
from sklearn_turtle.paper.baselines._hume_solver._voting import (
    map_labels,
    match_to_best,
    vote_shares,
)

__all__ = ["HumeSettings", "map_labels", "match_to_best", "optimize_labeling", "vote_shares"]
