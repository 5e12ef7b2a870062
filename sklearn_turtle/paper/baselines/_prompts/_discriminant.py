"""GDA: fit one Gaussian per class, with a shared covariance, by EM without labels."""

from dataclasses import dataclass

import torch

from sklearn_turtle._input._unit import UnitFeatures


@dataclass(frozen=True)
class Discriminant:
    """A mixture of Gaussians, mixed with the zero-shot classifier into one linear classifier.

    Attributes
    ----------
    weight : tensor of shape (C, d)
        Weights of the mixed logits.
    bias : tensor of shape (C,)
        Biases of the mixed logits.
    means : tensor of shape (C, d)
        Mean of each Gaussian.
    n_iter : int
        Number of EM steps.
    converged : bool
        True if the means stopped moving.
    """

    weight: torch.Tensor
    bias: torch.Tensor
    means: torch.Tensor
    n_iter: int
    converged: bool


@torch.no_grad()
def fit_discriminant(
    features: UnitFeatures, zero_shot: torch.Tensor, *, alpha: float, max_iter: int, tol: float
) -> Discriminant:
    """Fit the mixture by EM, starting at the probabilities of the zero-shot classifier.

    Parameters
    ----------
    features : UnitFeatures
        The samples.
    zero_shot : tensor of shape (C, d)
        Weights of the zero-shot logits: the scaled class embeddings.
    alpha : float
        Weight of the logits of the Gaussians, relative to the zero-shot logits.
    max_iter : int
        Maximum number of EM steps.
    tol : float
        EM stops when every mean moves by at most ``tol``.

    Returns
    -------
    Discriminant
    """
    # Sums and inverses are in float64, which MPS does not have.
    wide = torch.float32 if features.device.type == "mps" else torch.float64
    zero_shot = zero_shot.to(wide)
    shift, scatter = _mean_and_scatter(features, wide)
    means = torch.zeros_like(zero_shot)  # relative to shift
    weight, bias = zero_shot, zero_shot.new_zeros(len(zero_shot))
    converged = False
    n_iter = 0
    while n_iter < max_iter and not converged:
        n_iter += 1
        mass, sums = _expectations(features, weight, bias, shift)
        # The mean of a class without samples stays where it is.
        present = (mass > torch.finfo(features.dtype).tiny)[:, None]
        last, means = means, torch.where(present, sums / mass[:, None], means)
        # sum over samples i and classes k of r_ik (x_i - mu_k)(x_i - mu_k)'
        within = scatter - means.T @ (mass[:, None] * means)
        # MPS has no matrix factorizations.
        host = within.cpu() if within.device.type == "mps" else within
        precision = shrunk_precision(host, features.n_samples).to(within.device)
        weight_of_gaussians, bias_of_gaussians = discriminant_logits(means, precision)
        weight = zero_shot + alpha * weight_of_gaussians
        bias = alpha * (bias_of_gaussians - weight_of_gaussians @ shift)
        converged = bool((means - last).norm(dim=1).max() <= tol)
    return Discriminant(weight, bias, means + shift, n_iter, converged)


def shrunk_precision(scatter: torch.Tensor, n_samples: int) -> torch.Tensor:
    """Inverse covariance ``d ((n - 1) S + tr(S) I)^-1`` with ``S = scatter / (n - 1)``.

    Zeros if the samples do not vary within their classes.
    """
    n_features = len(scatter)
    ridge = scatter.trace() / (n_samples - 1)
    shrunk = scatter + ridge * torch.eye(n_features, dtype=scatter.dtype, device=scatter.device)
    factor, failed = torch.linalg.cholesky_ex(shrunk)
    if failed:
        return torch.zeros_like(scatter)
    return n_features * torch.cholesky_inverse(factor)


def discriminant_logits(
    means: torch.Tensor, precision: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights and biases of the logits ``x' P mu - mu' P mu / 2`` of equally likely Gaussians."""
    weight = means @ precision
    return weight, -(weight * means).sum(1) / 2


def _mean_and_scatter(
    features: UnitFeatures, wide: torch.dtype
) -> tuple[torch.Tensor, torch.Tensor]:
    """The mean of the samples, and the sum of the outer products of their deviations from it."""
    n_features = features.n_features
    total = torch.zeros(n_features, dtype=wide, device=features.device)
    for _, x in features.chunks(0):
        total += x.sum(0, dtype=wide)
    mean = total / features.n_samples
    scatter = torch.zeros(n_features, n_features, dtype=wide, device=features.device)
    for _, x in features.chunks(0):
        centered = x - mean.to(x.dtype)
        scatter += (centered.T @ centered).to(wide)
    return mean, scatter


def _expectations(
    features: UnitFeatures, weight: torch.Tensor, bias: torch.Tensor, shift: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Sums over the samples: of the responsibilities ``r``, and of ``r * (x - shift)``."""
    mass, sums = torch.zeros_like(bias), torch.zeros_like(weight)
    weight, bias, shift = (tensor.to(features.dtype) for tensor in (weight, bias, shift))
    for _, x in features.chunks(len(bias)):
        responsibilities = (x @ weight.T + bias).softmax(1)
        mass += responsibilities.sum(0)
        sums += responsibilities.T @ (x - shift)
    return mass, sums
