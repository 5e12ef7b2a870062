"""Random subsets of the rows, and the loss of a labeling on a subset."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch.nn.functional import cross_entropy, normalize

from sklearn_turtle._solver import Draws, FeatureSpace
from sklearn_turtle.paper.baselines._hume_solver._inner_classifier import train_classifier
from sklearn_turtle.paper.baselines._hume_solver._settings import HumeSettings
from sklearn_turtle.paper.baselines._hume_solver._sparsemax import sparsemax


@dataclass(frozen=True)
class Subset:
    """Some rows, and the initial weights of the classifiers that are trained on them.

    Attributes
    ----------
    z : tensor of shape (B, d)
        Rows in the labeling space, of unit norm.
    xs : list of tensor of shape (B, d_k)
        The same rows in each classifier space.
    initial : list of tensor of shape (C, d_k + 1)
        Initial weight of the classifier in each classifier space; the last column is the bias.
    """

    z: torch.Tensor
    xs: list[torch.Tensor]
    initial: list[torch.Tensor]


class SubsetSource:
    """Draws the subsets of one seed.

    Parameters
    ----------
    labeling_space : FeatureSpace
        The space in which the labeling is a linear map.
    classifier_spaces : sequence of FeatureSpace
        The spaces of the classifiers, with the same rows.
    settings : HumeSettings
        Settings of the optimization.
    draws : Draws
        Source of the rows and of the initial weights.
    """

    def __init__(
        self,
        labeling_space: FeatureSpace,
        classifier_spaces: Sequence[FeatureSpace],
        settings: HumeSettings,
        draws: Draws,
    ) -> None:
        self._labeling_space = labeling_space
        self._classifier_spaces = classifier_spaces
        self._settings = settings
        self._draws = draws
        self._initial = self._draw_initial()

    def draw(self) -> Subset:
        """Draw a subset without replacement."""
        n_samples = self._labeling_space.n_samples
        rows = self._draws.permutation(n_samples)[: self._settings.n_rows(n_samples)]
        if self._settings.inner_start == "cold":
            self._initial = self._draw_initial()
        return Subset(
            normalize(self._labeling_space.batch(rows)),
            [space.batch(rows) for space in self._classifier_spaces],
            self._initial,
        )

    def _draw_initial(self) -> list[torch.Tensor]:
        initial = []
        for k, space in enumerate(self._classifier_spaces):
            weight, bias = self._draws.classifier(k, space.n_features, self._settings.n_clusters)
            joined = torch.cat([weight, bias[None]]).T.contiguous()
            initial.append(joined.to(space.device))
        return initial


def subset_loss(
    weight: torch.Tensor, subset: Subset, temperature: float, settings: HumeSettings
) -> torch.Tensor:
    """Compute HUME's objective on a subset (Eq. 7), differentiable in ``weight``.

    A classifier per space is trained on the first rows by ``inner_steps`` steps of gradient
    descent (Eq. 5). The loss is the sum of their cross-entropies on the other rows, minus
    ``gamma`` times the entropy of the mean labeling of all rows.

    Parameters
    ----------
    weight : tensor of shape (C, d)
        The labeling.
    subset : Subset
        The rows.
    temperature : float
        Temperature of the sparsemax (Eq. 3).
    settings : HumeSettings
        Settings of the optimization.

    Returns
    -------
    tensor of shape ()
    """
    n_train = settings.n_train(len(subset.z))
    labels = sparsemax(subset.z @ weight.T / temperature)
    loss: torch.Tensor = -settings.gamma * torch.special.entr(labels.mean(0)).sum()
    for x, initial in zip(subset.xs, subset.initial, strict=True):
        x = torch.cat([x, torch.ones_like(x[:, :1])], 1)
        classifier = train_classifier(
            x[:n_train],
            labels[:n_train],
            initial,
            n_steps=settings.inner_steps,
            lr=settings.inner_lr,
        )
        loss = loss + cross_entropy(x[n_train:] @ classifier.T, labels[n_train:])
    return loss
