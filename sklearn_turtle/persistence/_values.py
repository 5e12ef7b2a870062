"""Parameters of estimators as JSON."""

import math
from collections.abc import Mapping
from numbers import Integral, Real

import numpy as np
import torch

# Every JSON object has one entry, whose key tells what is encoded; names that a user gave never
# stand as keys, so that no name can be taken for such a key.


def encode(value):
    """What JSON can hold of the value of a parameter.

    Raises
    ------
    TypeError
        If the value is of a kind that has no JSON.
    """
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value) if math.isfinite(value) else {"float": repr(float(value))}
    if isinstance(value, slice):
        return {"slice": [encode(bound) for bound in (value.start, value.stop, value.step)]}
    if isinstance(value, Mapping):
        return {"dict": [[encode(key), encode(entry)] for key, entry in value.items()]}
    if isinstance(value, torch.device):
        return str(value)
    if isinstance(value, np.random.RandomState):
        return {"RandomState": encode(value.get_state(legacy=False))}
    if hasattr(value, "tolist"):
        return encode(value.tolist())
    if isinstance(value, (list, tuple, range)):
        return [encode(entry) for entry in value]
    raise TypeError(f"{value!r} is of a kind that cannot be saved")


def decode(value):
    """What :func:`encode` encoded; arrays, tuples and ranges become lists.

    Raises
    ------
    ValueError, TypeError
        If :func:`encode` did not make it.
    """
    if isinstance(value, list):
        return [decode(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    if kind == "float":
        return float(content)
    if kind == "slice":
        return slice(*content)
    if kind == "dict":
        return {decode(key): decode(entry) for key, entry in content}
    if kind == "RandomState":
        random_state = np.random.RandomState()
        random_state.set_state(decode(content))
        return random_state
    raise ValueError(f"{kind!r} is not known")
