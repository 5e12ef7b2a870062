"""Label files of the authors' released code: a torch checkpoint of one linear layer a space.

What such a file holds was read off ``run_turtle.py``, which writes them, and ``evaluate.py``, which
reads them, of https://github.com/mlbio-epfl/turtle: ``{"phi1": {"weight": (n_clusters, n_features),
"bias": (n_clusters,)}, "phi2": ...}``, the states of layers ``torch.nn.Linear`` on features as they
are, with the weight normalization folded in. Spaces are told apart by their order alone.
"""

import torch
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._io._atomic import replacing


def load_labeling(path):
    """Read a label file of the authors' released code.

    Only tensors are read from the file: where it holds anything else, which could run code, it is
    refused.

    Parameters
    ----------
    path : str or path-like
        A torch checkpoint with an entry ``{"weight": ..., "bias": ...}`` for each space, as the
        authors' ``run_turtle.py`` [1]_ and :func:`save_labeling` write it.

    Returns
    -------
    dict of str to (ndarray, ndarray)
        Coefficients of shape (n_clusters, n_features of the space) and intercepts of shape
        (n_clusters,) of each space, under its name in the file ("phi1" and so on) and in the
        order of the file, for features as they are. float64 where the file is, else float32.

    Raises
    ------
    OSError
        If the file cannot be opened.
    ValueError
        If the file is damaged, holds anything but such entries, or if these contradict each
        other or are not finite.

    See Also
    --------
    save_labeling : Write such a file.
    sklearn_turtle.TurtleClustering.from_labeling : A fitted estimator of such a file.

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
    except Exception as error:  # on a damaged file, torch raises errors of any kind
        raise ValueError(
            f"{path}: cannot be read as a labeling. It is damaged, or it holds other things than "
            "tensors, which are not loaded since they could run code."
        ) from error
    if not isinstance(content, dict) or not content:
        what = "an empty dict" if content == {} else f"a {type(content).__name__}"
        raise ValueError(
            f"{path}: is no labeling, which has an entry of weight and bias for each space; it "
            f"holds {what}."
        )
    labeling = {str(name): _layer(path, name, entry) for name, entry in content.items()}
    _check_number_of_clusters(path, labeling)
    return labeling


def save_labeling(estimator, path):
    """Write the labeling of an estimator to a file that the authors' released code reads.

    The file is written atomically: where that fails, a file that was there before is left as it
    was.

    Parameters
    ----------
    estimator : TurtleClustering
        Fitted.
    path : str or path-like
        The file; its name ends in ``.pt`` by convention.

    Raises
    ------
    TypeError
        If ``estimator`` is no TurtleClustering.
    sklearn.exceptions.NotFittedError
        If it is not fitted.
    OSError
        If the file cannot be written.

    See Also
    --------
    load_labeling : Read such a file.
    sklearn_turtle.TurtleClustering.from_labeling : A fitted estimator of such a file.

    Notes
    -----
    The file holds ``coef_`` and ``intercept_``, and has no place for anything else. The names of
    the spaces are replaced by "phi1", "phi2" and so on, and ``temperature_`` is lost: labels stay
    what they are, and probabilities become those of Eq. 9.

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
    # isinstance cannot be asked here, since the module of TurtleClustering imports this one
    if not all(hasattr(estimator, name) for name in ("coef_", "intercept_", "temperature_")):
        raise TypeError(f"save_labeling takes a TurtleClustering, not {estimator!r}.")
    layers = zip(estimator.coef_, estimator.intercept_, strict=True)
    content = {
        f"phi{k}": {"weight": torch.tensor(coef), "bias": torch.tensor(intercept)}
        for k, (coef, intercept) in enumerate(layers, start=1)
    }
    with replacing(path) as file:
        torch.save(content, file)


def _layer(path, name, entry):
    """Coefficients and intercepts of the entry of one space."""
    if not isinstance(entry, dict):
        raise ValueError(
            f"{path}: the entry {name!r} must hold the weight and the bias of a space; it is a "
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
            f"{path}: the entry {name!r} must hold weight and bias, and nothing else; it holds "
            f"{list(entry)}.{advice}"
        )
    weight, bias = (_array(path, name, part, entry[part]) for part in ("weight", "bias"))
    if weight.ndim != 2 or bias.shape != weight.shape[:1] or 0 in weight.shape:
        raise ValueError(
            f"{path}: the weight of {name!r} must be of shape (n_clusters, n_features), and its "
            f"bias of (n_clusters,), neither empty; they are of {weight.shape} and {bias.shape}."
        )
    return weight, bias


def _array(path, name, part, tensor):
    if not (
        isinstance(tensor, torch.Tensor)
        and tensor.is_floating_point()
        and tensor.layout == torch.strided
    ):
        kind = type(tensor).__name__
        if isinstance(tensor, torch.Tensor):
            kind = f"one of {tensor.dtype}, {tensor.layout}"
        raise ValueError(
            f"{path}: the {part} of {name!r} must be a dense tensor of floating-point numbers, not "
            f"{kind}."
        )
    if not torch.isfinite(tensor).all():
        raise ValueError(f"{path}: the {part} of {name!r} holds NaN or infinity.")
    wide = torch.float64 if tensor.dtype == torch.float64 else torch.float32
    return tensor.detach().to(wide).numpy()


def _check_number_of_clusters(path, labeling):
    n_clusters = {name: len(intercept) for name, (_, intercept) in labeling.items()}
    if len(set(n_clusters.values())) > 1:
        raise ValueError(
            f"{path}: all spaces must have the same clusters; their numbers are {n_clusters}."
        )
