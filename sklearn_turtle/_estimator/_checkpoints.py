"""A fit that is written to a file now and then, and goes on from there."""

import hashlib
import os

import torch

from sklearn_turtle._estimator._fitted import draw_seed
from sklearn_turtle._input._matrix import to_numpy
from sklearn_turtle._input._rows import feature_rows
from sklearn_turtle._io._version import __version__
from sklearn_turtle._solver import ForwardingObserver, select, spread_rows
from sklearn_turtle.persistence._container import read_container, write_container
from sklearn_turtle.persistence._values import encode

KIND = "checkpoint of sklearn_turtle.TurtleClustering"
FORMAT_VERSION = 1

# The data are told by their shapes and by so many rows.
FINGERPRINT_ROWS = 1000
# Parameters that do not change what a fit finds.
WITHOUT_EFFECT = {"verbose"}


def checkpointed(estimator, spaces, observer, path, every):
    """What writes the checkpoints of a fit, and the seed of its draws.

    Parameters
    ----------
    estimator : TurtleClustering
        The estimator that is fitted.
    spaces : Spaces
        Checked spaces.
    observer, path, every
        As for :class:`Checkpoints`; where ``path`` is None there are none.

    Returns
    -------
    observer : Observer
        To be told of the optimization.
    seed : int
        Seed of the draws.
    """
    if path is None:
        return observer, draw_seed(estimator)
    # a RandomState is not the same any more once the seed is drawn
    identity = identity_of_fit(estimator, spaces)
    checkpoints = Checkpoints(observer, path, every, identity, draw_seed(estimator))
    return checkpoints, checkpoints.seed


def identity_of_fit(estimator, spaces):
    """What a fit must have in common with a checkpoint that it goes on from.

    Parameters
    ----------
    estimator : TurtleClustering
        The estimator, before it draws its seed.
    spaces : Spaces
        Checked spaces.

    Returns
    -------
    dict
        What JSON can hold.
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
    """Writes where a fit stands, and puts the fit back to where a file says that it stood.

    What a fit does between its optimizations is computed again, which is quick; an optimization
    goes on from its last state in the file, or is over at once where it had ended.

    Parameters
    ----------
    observer : Observer
        Told of everything else.
    path : str or path-like
        The file. It is written at once where it is not there.
    every : int
        Number of outer steps from one writing to the next.
    identity : dict
        As :func:`identity_of_fit` gives it.
    seed : int
        Seed of the draws of the fit.

    Attributes
    ----------
    seed : int
        Seed of the draws of the fit that the file is of.

    Raises
    ------
    ValueError
        If the file is no checkpoint, a damaged one, or that of another fit.
    OSError
        If the file cannot be read or written.
    """

    def __init__(self, observer, path, every, identity, seed):
        super().__init__(observer)
        self._path = path
        self._every = every
        self._identity = identity
        self.seed = seed
        self._states = []  # of each optimization; only the last may be unfinished
        self._number = -1
        if os.path.exists(path):
            self._read()
        else:
            self._write()

    def begin_solve(self, state):
        self._number += 1
        self._state = state
        if self._number < len(self._states):
            state.load_state_dict(self._states[self._number])
        self._written_at = state.n_steps
        super().begin_solve(state)

    def begin_step(self):
        if self._state.n_steps - self._written_at >= self._every:
            self._write_state()
        super().begin_step()

    def end_solve(self):
        # one that was stopped may be gone on with to its end
        if not self._state.stopped and self._state.n_steps > self._written_at:
            self._write_state()
        super().end_solve()

    def _write_state(self):
        self._states[self._number :] = [self._state.state_dict()]
        self._write()
        self._written_at = self._state.n_steps

    def _write(self):
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
        write_container(self._path, KIND, FORMAT_VERSION, content, arrays)

    def _read(self):
        content, arrays = read_container(self._path, KIND, FORMAT_VERSION)
        _check_identity(self._path, content["identity"], self._identity)
        self.seed = content["seed"]
        self._states = [state | {"tensors": {}} for state in content["states"]]
        for full_name, array in arrays.items():
            number, _, name = full_name.partition(".")
            self._states[int(number)]["tensors"][name] = torch.from_numpy(array)


def _fingerprint(matrix):
    rows = spread_rows(len(matrix), FINGERPRINT_ROWS)
    chosen = to_numpy(select(feature_rows(matrix), rows))
    return {
        "shape": list(matrix.shape),
        "dtype": str(matrix.dtype).removeprefix("torch."),
        "sha256": hashlib.sha256(chosen.tobytes()).hexdigest(),
    }


def _check_identity(path, found, expected):
    advice = "Pass what that fit was given, name another file, or delete this one."
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
            f"{path}: is a checkpoint of a fit to the spaces {list(found['spaces'])}, and X has "
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
