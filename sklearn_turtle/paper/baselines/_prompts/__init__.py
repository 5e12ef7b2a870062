"""Unsupervised tuning of zero-shot classifiers, on tensors.

This package does not depend on scikit-learn: it takes tensors and settings and returns tensors.

Notation: ``n`` samples ``x`` with ``d`` features, and ``C`` classes with embeddings ``t``; both
have unit norm. The logits of the zero-shot classifier are ``scale * x @ t.T``: the cosines times
``scale``. UPL and POUF tune a *context*, from which a *tower* computes class embeddings of shape
``(C, d)``. The tower is a differentiable text encoder, or adds the context to fixed class
embeddings.
"""

from sklearn_turtle.paper.baselines._prompts._discriminant import Discriminant, fit_discriminant
from sklearn_turtle.paper.baselines._prompts._pseudo_labels import learn_context, most_confident
from sklearn_turtle.paper.baselines._prompts._transport import align_context
from sklearn_turtle.paper.baselines._prompts._tuning import Tower, Tuned

__all__ = [
    "Discriminant",
    "Tower",
    "Tuned",
    "align_context",
    "fit_discriminant",
    "learn_context",
    "most_confident",
]
