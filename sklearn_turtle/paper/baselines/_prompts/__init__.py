"""Zero-shot classifiers and their unsupervised tuning, on tensors alone.

Nothing in this package knows of scikit-learn: it takes tensors and settings and returns tensors.

Shapes, everywhere: ``n`` samples of ``d`` features ``x`` of unit norm, ``C`` classes whose
embeddings ``t`` have unit norm too. The logits of the zero-shot classifier are ``scale * x @ t.T``,
``scale`` times the cosines. What is tuned is a *context*, from which a *tower* makes class
embeddings ``(C, d)``: a differentiable text encoder, or the sum of fixed class embeddings and the
context itself.
"""

from sklearn_turtle.paper.baselines._prompts._discriminant import Discriminant, fit_discriminant
from sklearn_turtle.paper.baselines._prompts._pseudo_labels import learn_context, most_confident
from sklearn_turtle.paper.baselines._prompts._transport import align_context
from sklearn_turtle.paper.baselines._prompts._tuning import Tuned

__all__ = [
    "Discriminant",
    "Tuned",
    "align_context",
    "fit_discriminant",
    "learn_context",
    "most_confident",
]
