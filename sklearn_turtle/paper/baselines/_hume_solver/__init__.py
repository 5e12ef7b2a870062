"""The bilevel optimization of HUME, on tensors alone.

Nothing in this package knows of scikit-learn. The equations are those of Gadetsky and Brbic,
"The Pursuit of Human Labeling: A New Perspective on Unsupervised Learning", NeurIPS 2023
(arXiv:2311.02940); what the paper leaves open is as in the authors' released code.

Shapes, everywhere: ``B`` rows of a subset, ``d`` features of a space, ``C`` clusters, ``S`` seeds.
"""

from sklearn_turtle.paper.baselines._hume_solver._search import Settings, search_labeling
from sklearn_turtle.paper.baselines._hume_solver._voting import align_to, labels_of, vote

__all__ = ["Settings", "align_to", "labels_of", "search_labeling", "vote"]
