"""The bilevel optimization of TURTLE, on tensors alone.

Nothing in this package depends on scikit-learn: it takes feature tensors and settings and returns
tensors. The equations are those of Gadetsky, Jiang and Brbic, "Let Go of Your Labels with
Unsupervised Transfer", ICML 2024 (arXiv:2406.07236).

The rooms, from the bottom up: ``rows`` (features, mini-batches, neighbors, processes), ``step``
(one outer step), ``loop`` (the outer loop), ``strategy`` (restarts, merging, polish, regrouping,
distillation).

Shapes, everywhere: ``B`` rows of a mini-batch, ``d`` features of a space, ``R`` restarts that are
trained side by side, ``C`` clusters. The weights of all restarts form one ``(d, R * C)`` matrix per
space, so that they share every matrix product.
"""

from sklearn_turtle._solver.loop._observer import ForwardingObserver, Observer
from sklearn_turtle._solver.loop._settings import Settings
from sklearn_turtle._solver.loop._solve import Solution, solve
from sklearn_turtle._solver.loop._state import SolveState
from sklearn_turtle._solver.rows._chunks import (
    Features,
    is_lazy,
    on_device,
    row_chunks,
    select,
    spread_rows,
)
from sklearn_turtle._solver.rows._draws import Draws
from sklearn_turtle._solver.rows._feature_space import FeatureSpace, Space
from sklearn_turtle._solver.rows._processes import ALONE, Processes, Shard
from sklearn_turtle._solver.rows._projection import project
from sklearn_turtle._solver.rows._reading import read_ahead
from sklearn_turtle._solver.rows._statistics import Statistics
from sklearn_turtle._solver.step._linear_model import (
    LinearModel,
    label_probabilities,
    restart_labels,
    side_by_side,
)
from sklearn_turtle._solver.step._task_encoder import TaskEncoder
from sklearn_turtle._solver.strategy._calibration import tempered
from sklearn_turtle._solver.strategy._merging import align, average, match, merge, overlap
from sklearn_turtle._solver.strategy._separability import leave_one_out_accuracy
from sklearn_turtle._solver.strategy._solution import (
    RestartsSolution,
    n_steps,
    search_labeling,
    solve_from_labels,
    solve_restarts,
    solve_strategies,
)
from sklearn_turtle._solver.strategy._space_weights import SpaceWeights
from sklearn_turtle._solver.strategy._strategy import Strategy
from sklearn_turtle._solver.strategy._stream import ChunkSolution, solve_chunk

__all__ = [
    "ALONE",
    "ChunkSolution",
    "Draws",
    "FeatureSpace",
    "Features",
    "ForwardingObserver",
    "LinearModel",
    "Observer",
    "Processes",
    "RestartsSolution",
    "Settings",
    "Shard",
    "Solution",
    "SolveState",
    "Space",
    "SpaceWeights",
    "Statistics",
    "Strategy",
    "TaskEncoder",
    "align",
    "average",
    "is_lazy",
    "label_probabilities",
    "leave_one_out_accuracy",
    "match",
    "merge",
    "n_steps",
    "on_device",
    "overlap",
    "project",
    "read_ahead",
    "restart_labels",
    "row_chunks",
    "search_labeling",
    "select",
    "side_by_side",
    "solve",
    "solve_chunk",
    "solve_from_labels",
    "solve_restarts",
    "solve_strategies",
    "spread_rows",
    "tempered",
]
