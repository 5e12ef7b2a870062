"""Write the state of a fit to a file now and then, and continue from it."""

import hashlib
import os
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import torch
from sklearn.utils import check_scalar

from sklearn_turtle._estimator._fitted import draw_seed
from sklearn_turtle._input._conversion import to_numpy
from sklearn_turtle._input._rows import feature_rows
from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle._io._version import __version__
from sklearn_turtle._solver import ForwardingObserver, Observer, SolveState, select, spread_rows
from sklearn_turtle.persistence._container import read_container, write_container
from sklearn_turtle.persistence._values import encode

KIND = "checkpoint of sklearn_turtle.TurtleClustering"
FORMAT_VERSION = 1

# Data are identified by their shapes and this many rows.
FINGERPRINT_ROWS = 1000
# Parameters that do not change the result of a fit.
WITHOUT_EFFECT = {"verbose"}


@dataclass(frozen=True)
class CheckpointOptions:
    """Where and how often checkpoints are written.

    Attributes
    ----------
    path : str or path-like
        The file. It is written at once if it does not exist.
    every : int
        Number of outer steps between two checkpoints.
    """

    path: os.PathLike[str] | str
    every: int


def checkpoint_options(
    estimator: Any, checkpoint: os.PathLike[str] | str | None, checkpoint_every: int
) -> CheckpointOptions | None:
    """Check the arguments of :meth:`TurtleClustering.fit`; None for no checkpoints."""
    check_scalar(checkpoint_every, "checkpoint_every", Integral, min_val=1)
    if checkpoint is None:
        return None
    if estimator.n_clusters == "auto":
        raise ValueError(
            "checkpoint does not support n_clusters='auto': choose the number first with "
            "sklearn_turtle.select_n_clusters."
        )
    return CheckpointOptions(checkpoint, checkpoint_every)


def checkpointed(
    estimator: Any, spaces: Spaces, observer: Observer, options: CheckpointOptions | None
) -> tuple[Observer, int]:
    """Set up the checkpoints of a fit.

    Parameters
    ----------
    estimator : TurtleClustering
        The estimator that is fitted.
    spaces : Spaces
        Checked spaces.
    observer : Observer
        Receives the progress.
    options : CheckpointOptions or None
        None for no checkpoints.

    Returns
    -------
    observer : Observer
        The observer to pass to the optimization.
    seed : int
        Seed of the draws.
    """
    if options is None:
        return observer, draw_seed(estimator)
    # first the identity: drawing the seed changes a RandomState
    identity = identity_of_fit(estimator, spaces)
    checkpoints = Checkpoints(observer, options, identity, draw_seed(estimator))
    return checkpoints, checkpoints.seed


def identity_of_fit(estimator: Any, spaces: Spaces) -> dict[str, Any]:
    """The properties that a fit must share with a checkpoint to continue from it.

    Parameters
    ----------
    estimator : TurtleClustering
        The estimator, before it draws its seed.
    spaces : Spaces
        Checked spaces.

    Returns
    -------
    dict
        Can be written as JSON.
    """
    return {
        "library_version": __version__,
        "parameters": {
            name: encode(value)
            for name, value in estimator.get_params(deep=False).items()
            if name not in WITHOUT_EFFECT
        },
        "spaces": {
            name: _fingerprint(matrix)
            for name, matrix in zip(spaces.names, spaces.matrices, strict=True)
        },
    }


class Checkpoints(ForwardingObserver):
    """Writes the state of a fit, and returns a fit to the state in a file.

    A fit consists of several optimizations. The quick work between them is computed again. An
    optimization continues from its last state in the file, or ends at once if it had ended.

    Parameters
    ----------
    observer : Observer
        Receives the progress.
    options : CheckpointOptions
        Where and how often checkpoints are written.
    identity : dict
        From :func:`identity_of_fit`.
    seed : int
        Seed of the draws of the fit.

    Attributes
    ----------
    seed : int
        Seed of the draws of the fit in the file.

    Raises
    ------
    ValueError
        If the file is not a checkpoint, is damaged, or belongs to another fit.
    OSError
        If the file cannot be read or written.
    """

    def __init__(
        self, observer: Observer, options: CheckpointOptions, identity: dict[str, Any], seed: int
    ) -> None:
        super().__init__(observer)
        self._options = options
        self._identity = identity
        self.seed = seed
        # one state per optimization; only the last one may be unfinished
        self._states: list[dict[str, Any]] = []
        self._number = -1
        if os.path.exists(options.path):
            self._read()
        else:
            self._write()

    def begin_solve(self, state: SolveState) -> None:
        self._number += 1
        self._state = state
        if self._number < len(self._states):
            state.load_state_dict(self._states[self._number])
        self._written_at = state.n_steps
        super().begin_solve(state)

    def begin_step(self) -> None:
        if self._state.n_steps - self._written_at >= self._options.every:
            self._write_state()
        super().begin_step()

    def end_solve(self) -> None:
        # an optimization that was stopped can still continue to its end
        if not self._state.stopped and self._state.n_steps > self._written_at:
            self._write_state()
        super().end_solve()

    def _write_state(self) -> None:
        self._states[self._number :] = [self._state.state_dict()]
        self._write()
        self._written_at = self._state.n_steps

    def _write(self) -> None:
        content = {
            "identity": self._identity,
            "seed": self.seed,
            "states": [
                {name: value for name, value in state.items() if name != "tensors"}
                for state in self._states
            ],
        }
        arrays = {
            f"{number}.{name}": tensor.cpu().numpy()
            for number, state in enumerate(self._states)
            for name, tensor in state["tensors"].items()
        }
        write_container(self._options.path, KIND, FORMAT_VERSION, content, arrays)

    def _read(self) -> None:
        content, arrays = read_container(self._options.path, KIND, FORMAT_VERSION)
        _check_identity(self._options.path, content["identity"], self._identity)
        self.seed = content["seed"]
        self._states = [state | {"tensors": {}} for state in content["states"]]
        for full_name, array in arrays.items():
            number, _, name = full_name.partition(".")
            self._states[int(number)]["tensors"][name] = torch.from_numpy(array)


def _fingerprint(matrix: Any) -> dict[str, Any]:
    rows = spread_rows(matrix.shape[0], FINGERPRINT_ROWS)
    chosen = to_numpy(select(feature_rows(matrix), rows))
    return {
        "shape": list(matrix.shape),
        "dtype": str(matrix.dtype).removeprefix("torch."),
        "sha256": hashlib.sha256(chosen.tobytes()).hexdigest(),
    }


def _check_identity(
    path: os.PathLike[str] | str, found: dict[str, Any], expected: dict[str, Any]
) -> None:
    advice = "Pass the arguments of that fit, name another file, or delete this one."
    if found["library_version"] != expected["library_version"]:
        raise ValueError(
            f"{path}: is a checkpoint of version {found['library_version']} of sklearn-turtle, not "
            f"of {expected['library_version']}, which may take other steps. {advice}"
        )
    differing = [
        name
        for name, value in expected["parameters"].items()
        if found["parameters"].get(name) != value
    ]
    if differing:
        raise ValueError(
            f"{path}: is a checkpoint of a fit with other parameters: {', '.join(differing)}. "
            f"{advice}"
        )
    if list(found["spaces"]) != list(expected["spaces"]):
        raise ValueError(
            f"{path}: is a checkpoint of a fit to the spaces {list(found['spaces'])}, but X has "
            f"{list(expected['spaces'])}. {advice}"
        )
    for name, fingerprint in expected["spaces"].items():
        for what, value in fingerprint.items():
            if found["spaces"][name][what] != value:
                what = "values" if what == "sha256" else what
                raise ValueError(
                    f"{path}: is a checkpoint of a fit to other data: space {name!r} has another "
                    f"{what}. {advice}"
                )
