"""Data without clusters, for comparison."""

import numpy as np
import torch

from sklearn_turtle._input._rows import feature_rows
from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle._solver import row_chunks, select, spread_rows

# Number of rows of the data without clusters, at most.
NULL_ROWS = 4000
# Their covariances are those of at most this many rows of the data.
COVARIANCE_ROWS = 20_000


def without_clusters(spaces: Spaces, random_state: np.random.RandomState) -> list[torch.Tensor]:
    """Draw normally distributed features with the covariances of the data.

    The covariances within and across spaces are those of the data: each row is a random
    combination of all centered rows.

    Parameters
    ----------
    spaces : Spaces
        Checked spaces.
    random_state : RandomState
        Source of the combinations.

    Returns
    -------
    list of tensor of shape (n_rows, n_features of the space), float32
        At most NULL_ROWS rows.
    """
    n_rows = min(spaces.n_samples, NULL_ROWS)
    generator = torch.Generator().manual_seed(random_state.randint(np.iinfo(np.int32).max))
    chosen = spread_rows(spaces.n_samples, COVARIANCE_ROWS)
    rows = [select(feature_rows(matrix), chosen).float().cpu() for matrix in spaces.matrices]
    rows = [of_space - of_space.mean(0) for of_space in rows]
    totals = [torch.zeros(n_rows, of_space.shape[1]) for of_space in rows]
    for chunk in row_chunks(len(chosen), n_rows):
        weights = torch.randn(n_rows, len(chosen[chunk]), generator=generator)
        for total, of_space in zip(totals, rows, strict=True):
            total.addmm_(weights, of_space[chunk])
    return [total / len(chosen) ** 0.5 for total in totals]
