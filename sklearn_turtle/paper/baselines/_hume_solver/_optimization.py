"""The outer problem: optimize the labeling of one seed."""

from collections.abc import Callable, Sequence

import torch

from sklearn_turtle._solver import Draws, FeatureSpace
from sklearn_turtle.paper.baselines._hume_solver._orthogonal_map import OrthogonalMap
from sklearn_turtle.paper.baselines._hume_solver._settings import HumeSettings
from sklearn_turtle.paper.baselines._hume_solver._subsets import SubsetSource, subset_loss


def optimize_labeling(
    labeling_space: FeatureSpace,
    classifier_spaces: Sequence[FeatureSpace],
    settings: HumeSettings,
    draws: Draws,
    after_step: Callable[[torch.Tensor], object],
) -> tuple[torch.Tensor, torch.Tensor]:
    """Find a labeling to which linear classifiers in other spaces generalize (Eq. 7).

    Parameters
    ----------
    labeling_space : FeatureSpace
        The space in which the labeling is a linear map.
    classifier_spaces : sequence of FeatureSpace
        The spaces of the classifiers, with the same rows.
    settings : HumeSettings
        Settings of the optimization.
    draws : Draws
        Source of the initial weights and the subsets.
    after_step : callable
        ``after_step(loss)`` is called after each outer step with its loss, a tensor of shape ().

    Returns
    -------
    weight : tensor of shape (C, d)
        The labeling: row ``z`` belongs to the cluster with the largest entry of ``weight @ z``.
    losses : tensor of shape (max_iter,)
        Loss of each outer step, averaged over the subsets.

    Raises
    ------
    ValueError
        If a loss is not finite.
    """
    device, n_features = labeling_space.device, labeling_space.n_features
    # The map stays on the host: it is small, and some devices lack its operations.
    base = draws.rotation(max(settings.n_clusters, n_features))
    orthogonal_map = OrthogonalMap(base, settings.n_clusters, n_features)
    optimizer = torch.optim.Adam([orthogonal_map.vectors], lr=settings.outer_lr)
    subsets = SubsetSource(labeling_space, classifier_spaces, settings, draws)
    losses = torch.empty(settings.max_iter, device=device)
    for step in range(settings.max_iter):
        annealing = settings.annealing(step)
        optimizer.param_groups[0]["lr"] = settings.outer_lr * annealing
        matrix = orthogonal_map()
        # The gradients of the subsets are summed here, so that each step differentiates the map
        # only once.
        weight = matrix.detach().to(device).requires_grad_()
        gradient = torch.zeros_like(weight)
        total = torch.zeros((), device=device)
        for _ in range(settings.n_subsets):
            loss = subset_loss(weight, subsets.draw(), settings.temperature * annealing, settings)
            gradient += torch.autograd.grad(loss, [weight])[0]
            total += loss.detach()
        if not torch.isfinite(total):
            raise ValueError(
                f"The optimization diverged: the loss of step {step} is not finite. Lower inner_lr "
                "or outer_lr, or rescale features of extreme magnitude."
            )
        optimizer.zero_grad()
        matrix.backward(gradient.cpu() / settings.n_subsets)
        torch.nn.utils.clip_grad_norm_(orthogonal_map.vectors, settings.max_grad_norm)
        optimizer.step()
        losses[step] = total / settings.n_subsets
        after_step(losses[step])
    return orthogonal_map().detach().to(device), losses
