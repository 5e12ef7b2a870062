"""The outer problem: the search for the labeling of one seed."""

from dataclasses import dataclass

import torch
from torch.nn.functional import cross_entropy, normalize

from sklearn_turtle.paper.baselines._hume_solver._inner_classifier import train_classifier
from sklearn_turtle.paper.baselines._hume_solver._orthogonal_map import OrthogonalMap
from sklearn_turtle.paper.baselines._hume_solver._sparsemax import sparsemax


@dataclass(frozen=True)
class Settings:
    """Settings of a search, named as the parameters of :class:`HUME`."""

    n_clusters: int
    gamma: float
    temperature: float
    max_iter: int
    n_subsets: int
    subset_size: int
    validation_fraction: float
    inner_steps: int
    inner_lr: float
    inner_start: str
    outer_lr: float
    max_grad_norm: float
    annealing_steps: tuple


def search_labeling(labeling_space, judge_spaces, settings, draws, observer):
    """Find a labeling that linear classifiers in other spaces generalize to (Eq. 7).

    Parameters
    ----------
    labeling_space : FeatureSpace
        The space of which the labeling is a linear map.
    judge_spaces : list of FeatureSpace
        The spaces whose classifiers judge it, over the same rows.
    settings : Settings
        Settings of the search.
    draws : Draws
        Source of the initial weights and the subsets.
    observer : Observer
        Told of each outer step.

    Returns
    -------
    weight : tensor of shape (C, d)
        The labeling: a row belongs to the cluster of the largest of ``weight @ z``.
    losses : tensor of shape (max_iter,)
        Mean loss over the subsets of each outer step.

    Raises
    ------
    ValueError
        If a loss is not finite.
    """
    device = labeling_space.device
    n_samples, n_features = labeling_space.n_samples, labeling_space.n_features
    # the map lives on the host: it costs little, and not every device knows its operations
    base = draws.rotation(max(settings.n_clusters, n_features))
    orthogonal_map = OrthogonalMap(base, settings.n_clusters, n_features)
    optimizer = torch.optim.Adam([orthogonal_map.vectors], lr=settings.outer_lr)
    n_rows = min(n_samples, settings.subset_size)
    n_train = n_rows - min(max(1, round(n_rows * settings.validation_fraction)), n_rows - 1)

    def draw_classifiers():
        return [_initial_weight(draws, k, space, settings) for k, space in enumerate(judge_spaces)]

    initial = draw_classifiers()
    losses = torch.empty(settings.max_iter, device=device)
    for step in range(settings.max_iter):
        observer.begin_step()
        annealing = 0.1 ** sum(step >= milestone for milestone in settings.annealing_steps)
        optimizer.param_groups[0]["lr"] = settings.outer_lr * annealing
        temperature = settings.temperature * annealing
        matrix = orthogonal_map()
        # the subsets add up their gradients here, so that the map is differentiated once a step
        weight = matrix.detach().to(device).requires_grad_()
        total = torch.zeros((), device=device)
        for _ in range(settings.n_subsets):
            rows = draws.permutation(n_samples)[:n_rows]
            z = normalize(labeling_space.batch(rows))
            judged = [space.batch(rows) for space in judge_spaces]
            if settings.inner_start == "cold":
                initial = draw_classifiers()
            loss = subset_loss(weight, z, judged, initial, n_train, temperature, settings)
            loss.backward()
            total += loss.detach()
        if not torch.isfinite(total):
            raise ValueError(
                f"The optimization diverged: the loss of step {step} is not finite. Lower inner_lr "
                "or outer_lr, or rescale features of extreme magnitude."
            )
        optimizer.zero_grad()
        matrix.backward(weight.grad.cpu() / settings.n_subsets)
        torch.nn.utils.clip_grad_norm_(orthogonal_map.vectors, settings.max_grad_norm)
        optimizer.step()
        losses[step] = total / settings.n_subsets
        observer.end_step(step, losses[step : step + 1], None)
    return orthogonal_map().detach().to(device), losses


def subset_loss(weight, z, judged, initial, n_train, temperature, settings):
    """HUME's objective on a subset (Eq. 7), differentiable in ``weight``.

    Classifiers are trained on the first ``n_train`` rows by ``inner_steps`` steps of gradient
    descent (Eq. 5). The loss is their cross-entropy on the other rows, less ``gamma`` times the
    entropy of the mean labeling of all rows.

    Parameters
    ----------
    weight : tensor of shape (C, d)
        The map to labels.
    z : tensor of shape (B, d)
        Rows of the labeling space, of unit norm.
    judged : list of tensor of shape (B, d_k)
        The same rows in the spaces that judge.
    initial : list of tensor of shape (C, d_k + 1)
        Weights of the classifiers before the first step; the last column is the bias.
    n_train : int
        Number of rows that the classifiers are trained on.
    temperature : float
        Temperature of the sparsemax (Eq. 3).
    settings : Settings
        Settings of the search.

    Returns
    -------
    tensor of shape ()
    """
    labels = sparsemax(z @ weight.T / temperature)
    loss = -settings.gamma * torch.special.entr(labels.mean(0)).sum()
    for x, start in zip(judged, initial, strict=True):
        x = torch.cat([x, torch.ones_like(x[:, :1])], 1)
        classifier = train_classifier(
            x[:n_train],
            labels[:n_train],
            start,
            n_steps=settings.inner_steps,
            lr=settings.inner_lr,
        )
        loss = loss + cross_entropy(x[n_train:] @ classifier.T, labels[n_train:])
    return loss


def _initial_weight(draws, k, space, settings):
    weight, bias = draws.classifier(k, space.n_features, settings.n_clusters)
    return torch.cat([weight, bias[None]]).T.contiguous().to(space.device)
