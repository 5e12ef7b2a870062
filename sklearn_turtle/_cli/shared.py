"""What several commands do: reading spaces, telling of sizes and times, errors of one line."""

from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from sklearn.utils._param_validation import InvalidParameterError

from sklearn_turtle._cli import files
from sklearn_turtle._cli.errors import CommandError


def read_model_and_spaces(model, paths):
    """Read a model and the spaces that it is for.

    Parameters
    ----------
    model : str
        File of the model.
    paths : list of str
        Files of features, in the order of the spaces of the model.

    Returns
    -------
    turtle : TurtleClustering
        The model.
    spaces : list of matrices
        In that order.
    names : list of str
        What the model calls the spaces.
    """
    turtle = files.read_model(model)
    names = turtle.space_names_
    if len(names) != len(paths):
        raise CommandError(
            f"{model}: has {len(names)} space(s), but {len(paths)} feature file(s) are given"
        )
    return turtle, read_spaces(paths, names), names


def read_spaces(paths, names):
    """Read one space a file, and print a line of each."""
    spaces = []
    for path, name in zip(paths, names, strict=True):
        matrix = files.read_features(path)
        kind = "" if hasattr(matrix, "columns") else f", {str(matrix.dtype).split('.')[-1]}"
        print(f"{name}: {path}, {matrix.shape[0]} samples x {matrix.shape[1]} features{kind}")
        spaces.append(matrix)
    return spaces


def space_names(paths):
    """Short names for the spaces of feature files: without folder, if that tells them apart."""
    stems = [Path(path).name.split(".")[0] for path in paths]
    if len(set(stems)) == len(paths):
        return stems
    if len(set(paths)) == len(paths):
        return paths
    return [f"space{k}" for k in range(len(paths))]


def print_sizes(labels, n_clusters):
    """Print how many samples and clusters there are, and how large these are."""
    sizes = np.sort(np.bincount(labels, minlength=n_clusters))
    print(
        f"{len(labels)} samples in {np.count_nonzero(sizes)} of {n_clusters} clusters, sizes from "
        f"{sizes[0]} to {sizes[-1]}, median {np.median(sizes):g}."
    )


@contextmanager
def one_line_errors(paths=(), names=()):
    """Turn errors of the library into one line, which says which file is which space."""
    try:
        yield
    # no file of features is to blame
    except (InvalidParameterError, OSError, ImportError) as error:
        raise CommandError(error) from error
    except (ValueError, TypeError) as error:
        which = ", ".join(f"{name} = {path}" for name, path in zip(names, paths, strict=True))
        raise CommandError(f"{error} (spaces: {which})" if which else error) from error
    except (MemoryError, torch.cuda.OutOfMemoryError) as error:
        raise CommandError(
            f"there is not enough memory ({error}); a smaller batch size or device 'cpu' may help"
        ) from error


def since(start):
    """The time since ``start``, of ``perf_counter``, for a message."""
    return f"{perf_counter() - start:.1f} s"
