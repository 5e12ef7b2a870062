"""Logistic regressions of all folds of a cross-validation, solved side by side."""

import math

import torch

from sklearn_turtle._solver import row_chunks

# A regression counts as solved once no entry of the gradient of its mean loss is larger.
TOLERANCE = 1e-4


@torch.no_grad()
def held_out_predictions(
    features: torch.Tensor,
    labels: torch.Tensor,
    fold_of: torch.Tensor,
    n_folds: int,
    *,
    C: float,
    max_iter: int,
) -> torch.Tensor:
    """Predict the label of each row by a logistic regression that is trained without its fold.

    The regression of a fold minimizes ``C * sum_i loss_i + |W|^2 / 2`` over the rows outside the
    fold, with the multinomial loss, as scikit-learn's LogisticRegression does.

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
        Maximum number of steps.

    Returns
    -------
    tensor of shape (n_samples,), int64
    """
    columns, scale = _standardize(features)
    # With two classes, scikit-learn penalizes one weight vector: the difference of the two here.
    strength = (2 if int(labels.max()) == 1 else 1) / C / scale / scale
    regressions = _FoldRegressions(columns, labels, fold_of, n_folds, strength)
    return regressions.predict_held_out(_minimize(regressions, max_iter))


def _standardize(features: torch.Tensor) -> tuple[torch.Tensor, float]:
    """Center the features, divide them by one scale, and append a column of ones.

    Returns
    -------
    columns : tensor of shape (n_samples, n_features + 1), float32 or float64
    scale : float
        What the features were divided by.
    """
    wide = features.dtype if features.dtype == torch.float64 else torch.float32
    tiny = torch.finfo(wide).tiny
    x = features.to(wide)
    # The squares of extreme values overflow. Dividing by a power of two rounds nothing.
    unit = max(2.0 ** (math.frexp(x.abs().max().item())[1] - 1), tiny)
    x = x / unit
    # The intercept is not penalized: centering changes nothing but the conditioning.
    x -= x.mean(0)
    scale = x.square().mean().sqrt().clamp_min(tiny)
    columns = torch.hstack([x / scale, torch.ones_like(x[:, :1])])
    return columns, max(unit * scale.item(), tiny)


class _FoldRegressions:
    """One multinomial logistic regression per fold, all with the same features.

    Weights have the shape (n_folds, n_columns, n_classes). The regressions share every product
    with the features.
    """

    def __init__(
        self,
        columns: torch.Tensor,
        labels: torch.Tensor,
        fold_of: torch.Tensor,
        n_folds: int,
        strength: float,
    ) -> None:
        n_samples, n_columns = columns.shape
        n_classes = int(labels.max()) + 1
        self.columns = columns
        self.fold_of = fold_of
        self.shape = (n_folds, n_columns, n_classes)
        self.chunks = list(row_chunks(n_samples, n_folds * n_classes))
        # Below this limit, products with the strength stay finite.
        limit = math.sqrt(torch.finfo(columns.dtype).max)
        self.penalty = columns.new_full((n_columns, 1), min(strength, limit))
        self.penalty[-1] = 0  # of the intercept
        self.one_hot = torch.nn.functional.one_hot(labels, n_classes)
        folds = torch.arange(n_folds, device=columns.device)
        self.in_training = folds != fold_of[:, None]  # (n_samples, n_folds)
        self.n_training = self.in_training.sum(0)
        # A class without training rows gets the logit -inf.
        counts = self.in_training.T.to(columns.dtype) @ self.one_hot.to(columns.dtype)
        self.offsets = torch.zeros_like(counts).masked_fill_(counts == 0, -math.inf)

    def logits(self, rows: slice, weights: torch.Tensor) -> torch.Tensor:
        """Return the logits of some rows, (n_rows, n_folds, n_classes)."""
        n_folds, n_columns, n_classes = self.shape
        side_by_side = weights.permute(1, 0, 2).reshape(n_columns, -1)
        logits = (self.columns[rows] @ side_by_side).view(-1, n_folds, n_classes)
        return logits.add_(self.offsets)

    def gradient(self, weights: torch.Tensor) -> torch.Tensor:
        """Return the gradient of the losses with respect to the weights, in their shape."""
        n_folds, n_columns, n_classes = self.shape
        gradient = (self.penalty * weights).permute(1, 0, 2).reshape(n_columns, -1)
        for rows in self.chunks:
            residual = self.logits(rows, weights).softmax(-1)
            residual -= self.one_hot[rows, None]
            residual *= self.in_training[rows, :, None]
            gradient.addmm_(self.columns[rows].T, residual.flatten(1))
        return gradient.view(n_columns, n_folds, n_classes).permute(1, 0, 2)

    def curvature_factors(self) -> torch.Tensor:
        """Return Cholesky factors of bounds of the Hessians, (n_folds, n_columns, n_columns).

        Half the Gram matrix of the training rows, plus the penalty, is above the Hessian whatever
        the probabilities are (Böhning 1992), so that one factorization serves all steps.
        """
        gram = self.columns.T @ self.columns
        # Rounding may leave the difference of two Gram matrices slightly below zero, for example
        # if features are constant or if the fold holds an outlier.
        floor = torch.finfo(gram.dtype).eps * gram.diagonal().max() / 2
        factors = []
        for fold in range(self.shape[0]):
            of_fold = self.columns[self.fold_of == fold]
            bound = (gram - of_fold.T @ of_fold) / 2
            bound.diagonal().add_(self.penalty[:, 0] + floor)
            factors.append(_cholesky(bound, floor))
        return torch.stack(factors)

    def predict_held_out(self, weights: torch.Tensor) -> torch.Tensor:
        """Predict the label of each row by the regression of its own fold, (n_samples,)."""
        predictions = torch.empty_like(self.fold_of)
        for rows in self.chunks:
            own_fold = self.fold_of[rows, None, None]
            logits = self.logits(rows, weights).take_along_dim(own_fold, 1)
            predictions[rows] = logits[:, 0].argmax(-1)
        return predictions


def _minimize(regressions: _FoldRegressions, max_iter: int) -> torch.Tensor:
    """Minimize the losses of all folds by accelerated steps; return the weights.

    Each fold has a momentum of its own (Nesterov), which restarts if it leads uphill (O'Donoghue,
    Candès 2015).
    """
    factors = regressions.curvature_factors()
    weights = factors.new_zeros(regressions.shape)
    ahead, momentum = weights, factors.new_ones(len(factors), 1, 1)
    for _ in range(max_iter):
        gradient = regressions.gradient(ahead)
        if (gradient.abs().amax((1, 2)) <= TOLERANCE * regressions.n_training).all():
            return ahead
        last, weights = weights, ahead - torch.cholesky_solve(gradient, factors)
        step = weights - last
        uphill = (gradient * step).sum((1, 2), keepdim=True) > 0
        momentum = torch.where(uphill, 1, momentum)
        next_momentum = (1 + (1 + 4 * momentum.square()).sqrt()) / 2
        ahead = weights + (momentum - 1) / next_momentum * step
        momentum = next_momentum
    return weights


def _cholesky(matrix: torch.Tensor, floor: torch.Tensor) -> torch.Tensor:
    """Factorize a matrix; raise its diagonal, in place, as far as that takes."""
    factor: torch.Tensor
    factor, failed = torch.linalg.cholesky_ex(matrix)
    while failed:
        floor = 2 * floor
        matrix.diagonal().add_(floor)
        factor, failed = torch.linalg.cholesky_ex(matrix)
    return factor
