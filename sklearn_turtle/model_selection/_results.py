"""The table of a search, in the format of scikit-learn's ``cv_results_``."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.stats import rankdata

from sklearn_turtle.model_selection._groups import FittedGroup


def cv_results(
    all_params: Sequence[dict[str, Any]], fitted: Sequence[FittedGroup], n_splits: int
) -> dict[str, Any]:
    """Make ``cv_results_`` from the scores and times of all candidates on all splits."""
    shape = (len(all_params), n_splits)
    scores, fit_times, score_times = np.empty(shape), np.empty(shape), np.empty(shape)
    for group in fitted:
        scores[group.indices, group.split] = group.scores
        fit_times[group.indices, group.split] = group.fit_times
        score_times[group.indices, group.split] = group.score_times
    results: dict[str, Any] = {}
    for name, times in (("fit_time", fit_times), ("score_time", score_times)):
        results[f"mean_{name}"], results[f"std_{name}"] = times.mean(1), times.std(1)
    for name in sorted({name for params in all_params for name in params}):
        values = np.ma.array(np.empty(len(all_params), dtype=object), mask=True)
        for index, params in enumerate(all_params):
            if name in params:
                values[index] = params[name]
        results[f"param_{name}"] = values
    results["params"] = all_params
    for split in range(n_splits):
        results[f"split{split}_test_score"] = scores[:, split]
    results["mean_test_score"], results["std_test_score"] = scores.mean(1), scores.std(1)
    results["rank_test_score"] = rankdata(-scores.mean(1), method="min").astype(np.int32)
    return results
