"""Label files of the authors' released code: a torch checkpoint with one linear layer per space.

The script ``run_turtle.py`` of https://github.com/mlbio-epfl/turtle writes these files and
``evaluate.py`` reads them. Their content is ``{"phi1": {"weight": (n_clusters, n_features), "bias":
(n_clusters,)}, "phi2": ...}``: the states of ``torch.nn.Linear`` layers that apply to the features
without scaling, with the weight normalization folded in. Only the order distinguishes the spaces.
"""

import os
from typing import Any

import numpy as np
import torch
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._input._torch_defaults import with_torch_defaults
from sklearn_turtle._io._atomic import replacing


@with_torch_defaults
def load_labeling(path: os.PathLike[str] | str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Load a label file of the authors' released code.

    Only tensors are loaded. A file that contains anything else, which could run code, is an
    error.

    Parameters
    ----------
    path : str or path-like
        A torch checkpoint with an entry ``{"weight": ..., "bias": ...}`` for each space, as
        written by the authors' ``run_turtle.py`` [1]_ or by :func:`save_labeling`.

    Returns
    -------
    dict of str to (ndarray, ndarray)
        For each space, the coefficients of shape (n_clusters, n_features of the space) and the
        intercepts of shape (n_clusters,), which apply to the features without scaling. Keys are
        the names in the file ("phi1" and so on), in the order of the file. The dtype is float64
        if the file contains float64, else float32.

    Raises
    ------
    OSError
        If the file cannot be opened.
    ValueError
        If the file is damaged, has other content, or the entries are inconsistent or not finite.

    See Also
    --------
    save_labeling : Write a label file.
    sklearn_turtle.TurtleClustering.from_labeling : Make a fitted estimator from a label file.

    References
    ----------
    .. [1] https://github.com/mlbio-epfl/turtle, the code of A. Gadetsky, Y. Jiang, M. Brbic, "Let
       Go of Your Labels with Unsupervised Transfer", ICML 2024. https://arxiv.org/abs/2406.07236

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import torch
    >>> from sklearn_turtle.persistence import load_labeling
    >>> layers = {"phi1": torch.nn.Linear(512, 10), "phi2": torch.nn.Linear(768, 10)}
    >>> with TemporaryDirectory() as folder:
    ...     states = {name: layer.state_dict() for name, layer in layers.items()}
    ...     torch.save(states, f"{folder}/cifar10.pt")
    ...     labeling = load_labeling(f"{folder}/cifar10.pt")
    >>> {name: coef.shape for name, (coef, intercept) in labeling.items()}
    {'phi1': (10, 512), 'phi2': (10, 768)}
    """
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, MemoryError):
        raise
    except Exception as error:  # torch raises errors of any type for damaged files
        raise ValueError(
            f"{path}: cannot load a labeling. The file is damaged, or it contains objects other "
            "than tensors, which are rejected because they could run code."
        ) from error
    if not isinstance(content, dict) or not content:
        found = "an empty dict" if content == {} else f"a {type(content).__name__}"
        raise ValueError(
            f"{path}: not a labeling. Expected a dict with weight and bias for each space, found "
            f"{found}."
        )
    labeling = {str(name): _layer(path, name, entry) for name, entry in content.items()}
    _check_number_of_clusters(path, labeling)
    return labeling


@with_torch_defaults
def save_labeling(estimator: Any, path: os.PathLike[str] | str) -> None:
    """Write the labeling of an estimator to a label file for the authors' released code.

    The file is written atomically: if that fails, an existing file is left unchanged.

    Parameters
    ----------
    estimator : TurtleClustering
        Fitted estimator.
    path : str or path-like
        The file. By convention, its name ends in ``.pt``.

    Raises
    ------
    TypeError
        If ``estimator`` is not a TurtleClustering.
    sklearn.exceptions.NotFittedError
        If the estimator is not fitted.
    OSError
        If the file cannot be written.

    See Also
    --------
    load_labeling : Load a label file.
    sklearn_turtle.TurtleClustering.from_labeling : Make a fitted estimator from a label file.

    Notes
    -----
    The file contains only ``coef_`` and ``intercept_``. The spaces are renamed to "phi1", "phi2"
    and so on, and ``temperature_`` is not saved: the labels stay the same, and the probabilities
    become those of Eq. 9.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.persistence import save_labeling
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, n_init=8, random_state=0).fit(X)
    >>> with TemporaryDirectory() as folder:
    ...     save_labeling(turtle, f"{folder}/blobs.pt")
    ...     again = TurtleClustering.from_labeling(f"{folder}/blobs.pt")
    >>> bool((again.predict(X) == turtle.labels_).all())
    True
    """
    check_is_fitted(estimator)
    # The module of TurtleClustering imports this one, so isinstance is not possible here.
    if not all(hasattr(estimator, name) for name in ("coef_", "intercept_", "temperature_")):
        raise TypeError(f"estimator must be a TurtleClustering, not {estimator!r}.")
    layers = zip(estimator.coef_, estimator.intercept_, strict=True)
    content = {
        f"phi{k}": {"weight": torch.tensor(coef), "bias": torch.tensor(intercept)}
        for k, (coef, intercept) in enumerate(layers, start=1)
    }
    with replacing(path) as file:
        torch.save(content, file)


def _layer(path: os.PathLike[str] | str, name: str, entry: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the coefficients and intercepts of one space."""
    if not isinstance(entry, dict):
        raise ValueError(
            f"{path}: the entry {name!r} must be a dict with the weight and bias of a space, not a "
            f"{type(entry).__name__}."
        )
    if set(entry) != {"weight", "bias"}:
        advice = ""
        if any("weight" in str(key) for key in set(entry) - {"weight"}):
            advice = (
                " Fold the weight normalization in before saving: "
                "torch.nn.utils.parametrize.remove_parametrizations(layer, 'weight'), or "
                "torch.nn.utils.remove_weight_norm(layer)."
            )
        raise ValueError(
            f"{path}: the entry {name!r} must contain only weight and bias, not {list(entry)}."
            f"{advice}"
        )
    weight, bias = (_array(path, name, part, entry[part]) for part in ("weight", "bias"))
    if weight.ndim != 2 or bias.shape != weight.shape[:1] or 0 in weight.shape:
        raise ValueError(
            f"{path}: in the entry {name!r}, the weight must have shape (n_clusters, n_features) "
            f"and the bias (n_clusters,), neither empty; got {weight.shape} and {bias.shape}."
        )
    return weight, bias


def _array(path: os.PathLike[str] | str, name: str, part: str, tensor: Any) -> np.ndarray:
    if not (
        isinstance(tensor, torch.Tensor)
        and tensor.is_floating_point()
        and tensor.layout == torch.strided
    ):
        found = f"a {type(tensor).__name__}"
        if isinstance(tensor, torch.Tensor):
            found = f"a tensor of {tensor.dtype} and {tensor.layout}"
        raise ValueError(
            f"{path}: the {part} of {name!r} must be a dense floating-point tensor, not {found}."
        )
    if not torch.isfinite(tensor).all():
        raise ValueError(f"{path}: the {part} of {name!r} contains NaN or infinity.")
    wide = torch.float64 if tensor.dtype == torch.float64 else torch.float32
    return tensor.detach().to(wide).numpy()


def _check_number_of_clusters(
    path: os.PathLike[str] | str, labeling: dict[str, tuple[np.ndarray, np.ndarray]]
) -> None:
    n_clusters = {name: len(intercept) for name, (_, intercept) in labeling.items()}
    if len(set(n_clusters.values())) > 1:
        raise ValueError(
            f"{path}: all spaces must have the same number of clusters; got {n_clusters}."
        )
