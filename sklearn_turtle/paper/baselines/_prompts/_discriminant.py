"""GDA: Gaussians of one covariance, one a class, fitted to samples without labels by EM."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Discriminant:
    """The linear classifier of a mixture of Gaussians mixed with the zero-shot classifier.

    Attributes
    ----------
    weight : tensor of shape (C, d)
        Weights of the mixed logits.
    bias : tensor of shape (C,)
        Biases of the mixed logits.
    means : tensor of shape (C, d)
        Mean of each Gaussian.
    n_iter : int
        Number of steps taken.
    converged : bool
        Whether the means came to rest.
    """

    weight: torch.Tensor
    bias: torch.Tensor
    means: torch.Tensor
    n_iter: int
    converged: bool


@torch.no_grad()
def fit_discriminant(features, zero_shot, *, alpha, max_iter, tol):
    """Fit the mixture by EM, which starts at the probabilities of the zero-shot classifier.

    Parameters
    ----------
    features : UnitFeatures
        The samples.
    zero_shot : tensor of shape (C, d)
        Weights of the zero-shot logits, the scaled class embeddings.
    alpha : float
        Weight of the logits of the mixture beside those.
    max_iter : int
        Number of steps at most.
    tol : float
        EM ends once no mean moves by more than this.

    Returns
    -------
    Discriminant
    """
    n_samples, n_features = features.n_samples, features.n_features
    n_classes = len(zero_shot)
    # sums and inverses in float64 where the device has it (MPS has none)
    wide = torch.float32 if features.device.type == "mps" else torch.float64
    zero_shot = zero_shot.to(wide)
    total = sum(x.sum(0, dtype=wide) for _, x in features.chunks(0))
    shift = total / n_samples
    scatter = torch.zeros(n_features, n_features, dtype=wide, device=features.device)
    for _, x in features.chunks(0):
        centered = x - shift.to(x.dtype)
        scatter += (centered.T @ centered).to(wide)

    means = torch.zeros(n_classes, n_features, dtype=wide, device=features.device)
    weight, bias = zero_shot, zero_shot.new_zeros(n_classes)
    for n_iter in range(1, max_iter + 1):  # noqa: B007
        mass, sums = _expectations(features, weight, bias, shift)
        # a class that no sample belongs to stays where it is
        present = (mass > torch.finfo(features.dtype).tiny)[:, None]
        last, means = means, torch.where(present, sums / mass[:, None], means)
        # sum over samples i and classes k of r_ik (x_i - mu_k)(x_i - mu_k)'
        within = scatter - means.T @ (mass[:, None] * means)
        if within.device.type == "mps":  # lacks factorizations
            precision = shrunk_precision(within.cpu(), n_samples).to(within.device)
        else:
            precision = shrunk_precision(within, n_samples)
        to_logits, to_bias = discriminant_logits(means, precision)
        weight = zero_shot + alpha * to_logits
        bias = alpha * (to_bias - to_logits @ shift)
        converged = bool((means - last).norm(dim=1).max() <= tol)
        if converged:
            break
    return Discriminant(weight, bias, means + shift, n_iter, converged)


def shrunk_precision(scatter, n_samples):
    """Inverse covariance ``d ((n - 1) S + tr(S) I)^-1``, with ``S = scatter / (n - 1)``."""
    n_features = len(scatter)
    ridge = scatter.trace() / (n_samples - 1)
    shrunk = scatter + ridge * torch.eye(n_features, dtype=scatter.dtype, device=scatter.device)
    factor, failed = torch.linalg.cholesky_ex(shrunk)
    if failed:  # samples that are all alike within their classes: the pseudo-inverse of nothing
        return torch.zeros_like(scatter)
    return n_features * torch.cholesky_inverse(factor)


def discriminant_logits(means, precision):
    """Weights and biases of the logits ``x' P mu - mu' P mu / 2`` of equally likely Gaussians."""
    weight = means @ precision
    return weight, -(weight * means).sum(1) / 2


def _expectations(features, weight, bias, shift):
    """Sums over the samples of their responsibilities, and of these times ``x - shift``."""
    mass, sums = torch.zeros_like(bias), torch.zeros_like(weight)
    weight, bias, shift = (tensor.to(features.dtype) for tensor in (weight, bias, shift))
    for _, x in features.chunks(len(bias)):
        responsibilities = (x @ weight.T + bias).softmax(1)
        mass += responsibilities.sum(0)
        sums += responsibilities.T @ (x - shift)
    return mass, sums
