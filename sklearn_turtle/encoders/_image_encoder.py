"""ImageEncoder, which embeds images with a frozen model."""

from numbers import Integral
from pathlib import Path
from typing import Any

import torch
from joblib import cpu_count
from sklearn.utils._param_validation import Interval, StrOptions

from sklearn_turtle.encoders._base import BaseEncoder
from sklearn_turtle.encoders._image_names import find_image_model
from sklearn_turtle.encoders._images import Images, read_images
from sklearn_turtle.encoders._models import ModelSource

MAX_WORKERS = 8  # enough to keep one GPU busy


class ImageEncoder(BaseEncoder):
    """Embed images with a frozen image model.

    Parameters
    ----------
    model : str, Path, torch.nn.Module or tuple, default="clip-vit-l14"
        The model:

        - one of the short names in :data:`IMAGE_MODELS`;
        - a model of timm, "timm:NAME", or a model of open_clip with its weights,
          "open_clip:ARCHITECTURE/WEIGHTS". The prefix is optional if the library lists the
          name. It is required before "hf-hub:NAME";
        - a folder to which timm or open_clip saved a model;
        - a model of timm in memory that returns features (``num_classes=0``);
        - a tuple ``(module, preprocess)``. The torch module returns one row per image of a
          batch, by its method ``encode_image`` if it has one. The function ``preprocess``
          converts a PIL image in RGB to a tensor. All of these tensors have the same shape.

        A named model is loaded with its weights and its own preprocessing. Its library
        downloads the files that are not on this machine yet. A module is moved to the device
        and put into evaluation mode.

    batch_size : int, default=64
        Number of images per call of the model.

    num_workers : int or "auto", default="auto"
        Number of processes that read and preprocess images; 0 to do so in the main process.
        "auto" means one process per core, up to 8, on a GPU, and 0 on the CPU.

    device : str or torch.device, default="auto"
        Where the model runs: any device that torch supports. "auto" selects CUDA if available,
        then MPS, then the CPU.

    precision : {"auto", "float32", "bfloat16", "float16"}, default="auto"
        Mixed precision of the model: the dtype of its matrix products. "auto" means bfloat16 on
        CUDA devices since Ampere, float16 on older CUDA devices, and float32 elsewhere.
        Embeddings are always float32.

    cache : str, Path or None, default=None
        Folder of cached embeddings. Images are looked up before they are encoded; None to
        disable the cache. An embedding is identified by the model, its preprocessing,
        ``precision`` and the content of the image. New embeddings are written every few
        seconds. If the process is killed, the next one encodes only the remaining images.

    cache_key : str or None, default=None
        Name that identifies the model and its preprocessing in the cache. None to identify
        them automatically: a named model by its name and the version of its library; a folder by
        the contents of its files; a module by its weights, its architecture, the code of its
        class, and the output of the preprocessing for example images.

    on_error : {"raise", "skip"}, default="raise"
        How to handle an image that is missing or cannot be decoded. "raise" raises an error
        that names its path. "skip" leaves the image out of the rows and issues a warning that
        names its path.

    verbose : int, default=0
        1 prints about ten lines of progress, 2 prints one line per batch.

    Attributes
    ----------
    n_features_out_ : int
        Number of features of the model.

    skipped_ : ndarray of int
        Positions in ``X`` of the images without a row, in the last call of ``transform``.
        ``numpy.delete(names, encoder.skipped_)`` returns the names of the rows.

    skipped_reasons_ : list of str
        Why each of these images cannot be read.

    n_encoded_ : int
        Number of images that the model encoded in the last call of ``transform``. The others
        were cached, or repeated in ``X`` while a cache was in use.

    See Also
    --------
    TextEncoder : Embed texts.
    image_files : List the images of a folder in the order of their rows.

    Notes
    -----
    Before the preprocessing, images are rotated to the orientation that the camera recorded,
    and converted to RGB. For CLIP and SigLIP models, the embeddings are those of the space that
    images and texts share, without normalization. For DINO models, they are the class token
    after the last layer normalization.

    Examples
    --------
    >>> import numpy as np
    >>> import torch
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_turtle.encoders import ImageEncoder
    >>> def preprocess(image):
    ...     return torch.from_numpy(np.array(image.resize((8, 8)), dtype=np.float32)) / 255
    >>> module = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(192, 16))
    >>> encoder = ImageEncoder((module, preprocess))
    >>> encoder.fit_transform(load_digits().images[:5] / 16).shape
    (5, 16)

    Cluster a folder of photos with two models, which are downloaded::

        spaces = make_union(
            ImageEncoder("clip-vit-l14", cache="embeddings"),
            ImageEncoder("dinov2-vitg14", cache="embeddings"),
        ).set_output(transform="pandas")
        make_pipeline(spaces, TurtleClustering(10, spaces="prefix")).fit("photos/")
    """

    _parameter_constraints = {
        **BaseEncoder._parameter_constraints,
        "num_workers": [Interval(Integral, 0, None, closed="left"), StrOptions({"auto"})],
    }

    def __init__(
        self,
        model: Any = "clip-vit-l14",
        *,
        batch_size: int = 64,
        num_workers: int | str = "auto",
        device: str | torch.device = "auto",
        precision: str = "auto",
        cache: str | Path | None = None,
        cache_key: str | None = None,
        on_error: str = "raise",
        verbose: int = 0,
    ) -> None:
        self.model = model
        self.batch_size = batch_size
        self.num_workers = num_workers
        self.device = device
        self.precision = precision
        self.cache = cache
        self.cache_key = cache_key
        self.on_error = on_error
        self.verbose = verbose

    def transform(self, X: Any) -> Any:
        """Embed images, or read their embeddings from the cache.

        Parameters
        ----------
        X : str or Path, or a collection of images
            A folder, whose images and those of its subfolders are embedded in the order of
            :func:`image_files`; or a collection with one image per sample:

            - a list, an array, a pandas or polars Series or a DataFrame with one column, of
              paths, PIL images or arrays;
            - an array of shape (n_samples, height, width) or (n_samples, height, width,
              channels), or a tensor of shape (n_samples, channels, height, width): integers from
              0 to 255, or floats from 0 to 1;
            - a torch dataset of images, or of tuples that begin with an image; a Hugging Face
              dataset with one column of images, or such a column.

        Returns
        -------
        rows : ndarray of shape (n_samples, `n_features_out_`), float32
            Embeddings. With ``on_error="skip"``, images that cannot be read have no row: see
            ``skipped_``. With ``set_output(transform="pandas")``, the rows have the index of
            their images.

        Raises
        ------
        ValueError
            If an image cannot be read and ``on_error="raise"``, or if no image can be read.
        TypeError
            If ``X`` is not a collection.
        FileNotFoundError
            If ``X`` is a folder that does not exist.

        Warns
        -----
        UserWarning
            If images are skipped.
        """
        return self._encode(X)

    def _find_source(self) -> ModelSource:
        return find_image_model(self.model)

    def _read_items(self, X: Any) -> Images:
        return read_images(X)

    def _num_workers(self, device: torch.device) -> int:
        if self.num_workers != "auto":
            return int(self.num_workers)
        return 0 if device.type == "cpu" else min(cpu_count(), MAX_WORKERS)
