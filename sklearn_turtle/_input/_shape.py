"""Check that a shape is the shape of a matrix with rows and columns."""

from collections.abc import Sequence


def check_two_dimensions(shape: Sequence[float], label: str, kind: str = "array") -> None:
    """Raise ValueError if a shape does not have two dimensions.

    Parameters
    ----------
    shape : sequence of int
        The shape; NaN for a size that is unknown.
    label : str
        Name of the matrix in the message.
    kind : str, default="array"
        Kind of object that has the shape, for the message.
    """
    if len(shape) != 2:
        raise ValueError(
            f"Expected 2D array, got {len(shape)}D {kind} instead: {label} has shape "
            f"{tuple(shape)}. Reshape it to (n_samples, n_features)."
        )


def check_not_empty(shape: Sequence[int], label: str) -> None:
    """Raise ValueError if a matrix of this shape has no rows or no columns.

    Parameters
    ----------
    shape : sequence of int of length 2
        The shape.
    label : str
        Name of the matrix in the message.
    """
    for size, axis in zip(shape, ("sample", "feature"), strict=True):
        if size == 0:
            raise ValueError(
                f"Found array with 0 {axis}(s) (shape={tuple(shape)}) while a minimum of 1 is "
                f"required: {label}."
            )
