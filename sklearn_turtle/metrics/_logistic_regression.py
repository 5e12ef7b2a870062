"""Logistic regressions of all folds of a cross-validation, solved as one."""

import math

import torch

from sklearn_turtle._solver import row_chunks

# Largest gradient of the mean loss at which a regression counts as solved.
TOLERANCE = 1e-4


@torch.no_grad()
def held_out_predictions(features, labels, fold_of, n_folds, *, C, max_iter):
    """Labels that multinomial logistic regressions give the rows of the folds that they left out.

    Each regression minimizes ``C * sum_i loss_i + |W|^2 / 2`` over the rows outside of its fold,
    as scikit-learn's LogisticRegression does, by accelerated steps of the bound of Böhning (1992):
    ``X' X / 2`` is above the Hessian whatever the probabilities are, so that one factorization a
    fold serves all steps, and the regressions share every product.

    Parameters
    ----------
    features : tensor of shape (n_samples, n_features)
        Features, of any real dtype.
    labels : tensor of shape (n_samples,), int64
        Labels from 0.
    fold_of : tensor of shape (n_samples,), int64
        Fold of each row.
    n_folds : int
        Number of folds.
    C : float
        Inverse strength of the penalty.
    max_iter : int
        Number of steps at most.

    Returns
    -------
    tensor of shape (n_samples,), int64
    """
    wide = features.dtype if features.dtype == torch.float64 else torch.float32
    finite = torch.finfo(wide)
    x = features.to(wide)
    # squares of extreme values are out of range; by a power of two nothing is rounded
    unit = max(2.0 ** (math.frexp(x.abs().max().item())[1] - 1), finite.tiny)
    x = x / unit
    # the intercept is not penalized: centering changes nothing but the conditioning
    x -= x.mean(0)
    scale = x.square().mean().sqrt().clamp_min(finite.tiny)
    x = torch.hstack([x / scale, torch.ones_like(x[:, :1])])
    n_classes = int(labels.max()) + 1
    n_samples, n_columns = x.shape
    # scikit-learn penalizes the one weight vector of two classes, which is the difference of ours
    spread = max(unit * scale.item(), finite.tiny)
    strength = min((2 if n_classes == 2 else 1) / C / spread / spread, math.sqrt(finite.max))
    penalty = torch.full((n_columns, 1), strength, dtype=wide, device=x.device)
    penalty[-1] = 0

    one_hot = torch.nn.functional.one_hot(labels, n_classes)
    outside = torch.arange(n_folds, device=x.device) != fold_of[:, None]  # (n_samples, n_folds)
    present = outside.T.to(wide) @ one_hot.to(wide) > 0  # (n_folds, n_classes)
    absent = torch.zeros_like(present, dtype=wide).masked_fill_(~present, -math.inf)
    n_rows = outside.sum(0)
    bounds = _bounds(x, fold_of, n_folds, penalty)
    chunks = list(row_chunks(n_samples, n_folds * n_classes))

    def logits(rows, weights):  # (n_rows, n_folds, n_classes)
        columns = weights.permute(1, 0, 2).reshape(n_columns, -1)
        return (x[rows] @ columns).view(-1, n_folds, n_classes).add_(absent)

    def gradient(weights):
        to_weights = (penalty * weights).permute(1, 0, 2).reshape(n_columns, -1)
        for rows in chunks:
            residual = logits(rows, weights).softmax(-1)
            residual -= one_hot[rows, None]
            residual *= outside[rows, :, None]
            to_weights.addmm_(x[rows].T, residual.flatten(1))
        return to_weights.view(n_columns, n_folds, n_classes).permute(1, 0, 2)

    weights = torch.zeros(n_folds, n_columns, n_classes, dtype=wide, device=x.device)
    ahead, momentum = weights, torch.ones(n_folds, 1, 1, dtype=wide, device=x.device)
    for _ in range(max_iter):
        slope = gradient(ahead)
        if (slope.abs().amax((1, 2)) <= TOLERANCE * n_rows).all():
            weights = ahead
            break
        last, weights = weights, ahead - torch.cholesky_solve(slope, bounds)
        # Nesterov's momentum, forgotten in a fold where it leads uphill (O'Donoghue, Candès 2015)
        uphill = (slope * (weights - last)).sum((1, 2), keepdim=True) > 0
        momentum = torch.where(uphill, 1, momentum)
        following = (1 + (1 + 4 * momentum.square()).sqrt()) / 2
        ahead = weights + (momentum - 1) / following * (weights - last)
        momentum = following

    predictions = torch.empty_like(labels)
    for rows in chunks:
        of_own_fold = logits(rows, weights).take_along_dim(fold_of[rows, None, None], 1)
        predictions[rows] = of_own_fold[:, 0].argmax(-1)
    return predictions


def _bounds(x, fold_of, n_folds, penalty):
    """Cholesky factors of ``X' X / 2`` plus the penalty, of the rows outside of each fold."""
    gram = x.T @ x
    # rounding may make the bound of constant features slightly negative, and that of the rows
    # beside an outlier too, which is a difference of large numbers
    floor = torch.finfo(x.dtype).eps * gram.diagonal().max() / 2
    factors = []
    for fold in range(n_folds):
        of_fold = x[fold_of == fold]
        bound = (gram - of_fold.T @ of_fold) / 2
        bound.diagonal().add_(penalty[:, 0] + floor)
        factor, failed = torch.linalg.cholesky_ex(bound)
        raised = floor
        while failed:
            raised = 2 * raised
            bound.diagonal().add_(raised)
            factor, failed = torch.linalg.cholesky_ex(bound)
        factors.append(factor)
    return torch.stack(factors)
