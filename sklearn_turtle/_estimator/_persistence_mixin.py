"""The methods that write a fitted labeling to files and read it from them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, TypeVar

import torch

from sklearn_turtle._estimator._fitted import replace_fitted
from sklearn_turtle.persistence import load_labeling
from sklearn_turtle.persistence._label_attributes import attributes_of_labeling
from sklearn_turtle.persistence._model_file import load_estimator, save_estimator

Self = TypeVar("Self", bound="PersistenceMixin")


class PersistenceMixin:
    """Saves an estimator to a file, and loads it from one."""

    @classmethod
    def from_labeling(
        cls: type[Self],
        path: os.PathLike[str] | str,
        *,
        space_names: Sequence[str] | None = None,
        device: str | torch.device = "auto",
    ) -> Self:
        """Make a fitted estimator from a label file that the authors of the paper released.

        Parameters
        ----------
        path : str or path-like
            A file for :func:`~sklearn_turtle.persistence.load_labeling`, which runs no code in it.

        space_names : list of str or None, default=None
            Name of each space, in the order of the file; None for the names in the file.

        device : str or torch.device, default="auto"
            Where predictions are made, as for the class.

        Returns
        -------
        TurtleClustering
            Predicts and scores; ``temperature_`` is 1. It has no attributes of a fit: ``labels_``,
            ``n_iter_``, and those of losses and restarts.

        Raises
        ------
        OSError
            If the file cannot be opened.
        ValueError
            If it does not hold a labeling, or if ``space_names`` does not have one distinct name
            per space.
        """
        attributes = attributes_of_labeling(load_labeling(path), space_names)
        parameters: dict[str, Any] = {
            "n_clusters": len(attributes["intercept_"][0]),
            "device": device,
        }
        estimator = cls(**parameters)
        replace_fitted(estimator, attributes)
        return estimator

    def save(self, path: os.PathLike[str] | str) -> None:
        """Write the fitted estimator to a file that holds no code.

        The file is written atomically: if that fails, an existing file does not change.

        Parameters
        ----------
        path : str or path-like
            The file; its name ends in ``.safetensors`` by convention.

        Raises
        ------
        ImportError
            If safetensors is not installed.
        sklearn.exceptions.NotFittedError
            If the estimator is not fitted.
        TypeError
            If a parameter is of a type that cannot be saved.
        OSError
            If the file cannot be written.

        See Also
        --------
        load : Read such a file.
        sklearn_turtle.persistence.export_onnx : Predictions without Python.
        sklearn_turtle.persistence.save_labeling : A label file of the authors' released code.

        Notes
        -----
        The file is in the format of safetensors: fitted arrays, and everything else as JSON in its
        header. In parameters, arrays and tuples become lists, and a torch.device its name.
        """
        save_estimator(self, path)

    @classmethod
    def load(cls: type[Self], path: os.PathLike[str] | str) -> Self:
        """Read an estimator that :meth:`save` wrote, without running code.

        Parameters
        ----------
        path : str or path-like
            The file.

        Returns
        -------
        TurtleClustering
            Fitted, with the parameters and all fitted attributes of the saved one. If its
            ``device`` is not available, it predicts on the CPU.

        Raises
        ------
        ImportError
            If safetensors is not installed.
        OSError
            If the file cannot be opened.
        ValueError
            If the file is damaged, holds anything else, or comes from a later version of
            sklearn-turtle with another format.
        """
        parameters, attributes = load_estimator(path)
        try:
            return restored(cls, parameters, attributes)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{path}: its parameters are invalid: {error}") from error


def restored(cls: type[Self], parameters: dict[str, Any], attributes: dict[str, Any]) -> Self:
    """A fitted estimator of a class, from its parameters and attributes.

    Raises
    ------
    TypeError, ValueError
        If a parameter is invalid.
    """
    estimator: Any = cls(**parameters)
    estimator._validate_params()
    replace_fitted(estimator, attributes)
    fitted: Self = estimator
    return fitted
