"""The methods by which a fitted labeling is written to files and read from them."""

from sklearn_turtle._estimator._fitted import replace_fitted
from sklearn_turtle.persistence import load_labeling
from sklearn_turtle.persistence._label_attributes import attributes_of_labeling
from sklearn_turtle.persistence._model_file import load_estimator, save_estimator


class PersistenceMixin:
    """Makes an estimator of a file, and a file of an estimator."""

    @classmethod
    def from_labeling(cls, path, *, space_names=None, device="auto"):
        """Make a fitted estimator of a label file that the authors of the paper released.

        Parameters
        ----------
        path : str or path-like
            A file as :func:`~sklearn_turtle.persistence.load_labeling` reads it, without running
            code in it.

        space_names : list of str or None, default=None
            Name of each space, in the order of the file; None for those in the file.

        device : str or torch.device, default="auto"
            Where predictions are made, as for the class.

        Returns
        -------
        TurtleClustering
            Predicts and scores; ``temperature_`` is 1. Attributes that tell of a fit are not
            there: ``labels_``, ``n_iter_``, and those of losses and restarts.

        Raises
        ------
        OSError
            If the file cannot be opened.
        ValueError
            If it holds no labeling, or if ``space_names`` are not distinct names, one a space.
        """
        attributes = attributes_of_labeling(load_labeling(path), space_names)
        estimator = cls(len(attributes["intercept_"][0]), device=device)  # type: ignore[call-arg]
        replace_fitted(estimator, attributes)
        return estimator

    def save(self, path):
        """Write the fitted estimator to a file that holds no code.

        The file is written atomically: where that fails, a file that was there before is left as
        it was.

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
            If a parameter is of a kind that cannot be saved.
        OSError
            If the file cannot be written.

        See Also
        --------
        load : Read such a file.
        sklearn_turtle.persistence.export_onnx : Predictions without Python.
        sklearn_turtle.persistence.save_labeling : A label file of the authors' released code.

        Notes
        -----
        The file is one of safetensors: fitted arrays, and the rest as JSON in its header. In
        parameters, arrays and tuples become lists, and a torch.device its name.
        """
        save_estimator(self, path)

    @classmethod
    def load(cls, path):
        """Read an estimator that :meth:`save` wrote, without running code.

        Parameters
        ----------
        path : str or path-like
            The file.

        Returns
        -------
        TurtleClustering
            Fitted, with the parameters and all fitted attributes of the one that was saved. Where
            its ``device`` is not there, it predicts on the CPU.

        Raises
        ------
        ImportError
            If safetensors is not installed.
        OSError
            If the file cannot be opened.
        ValueError
            If the file is damaged, holds anything else, or comes from a later version of
            sklearn-turtle that writes another format.
        """
        parameters, attributes = load_estimator(path)
        try:
            estimator = cls(**parameters)
            estimator._validate_params()  # type: ignore[attr-defined]
        except (TypeError, ValueError) as error:
            raise ValueError(f"{path}: its parameters are not understood: {error}") from error
        replace_fitted(estimator, attributes)
        return estimator
