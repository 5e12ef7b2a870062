"""Represent parameters of estimators in JSON."""

import math
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np
import torch

# Each JSON object has exactly one entry, whose key is the kind of the encoded value. Names given
# by users are never keys, so they cannot be mistaken for a kind.


def encode(value: Any) -> Any:
    """Convert the value of a parameter to values that JSON can represent.

    Raises
    ------
    TypeError
        If the type of the value is not supported.
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
    raise TypeError(f"unsupported type {type(value).__name__} of {value!r}")


def decode(value: Any) -> Any:
    """Restore a value from :func:`encode`. Arrays, tuples and ranges become lists.

    Raises
    ------
    ValueError, TypeError
        If :func:`encode` did not make the value.
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
    raise ValueError(f"unknown kind {kind!r}")
