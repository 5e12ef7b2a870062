"""ImageEncoder."""

from numbers import Integral

from joblib import cpu_count
from sklearn.utils._param_validation import Interval, StrOptions

from sklearn_turtle.encoders._base import BaseEncoder
from sklearn_turtle.encoders._image_models import find_image_model
from sklearn_turtle.encoders._images import read_images

MOST_WORKERS = 8  # as many as keep one GPU busy


class ImageEncoder(BaseEncoder):
    """Embed images by a frozen image model.

    Parameters
    ----------
    model : str, Path, torch.nn.Module or tuple, default="clip-vit-l14"
        The model:

        - one of the short names in :data:`IMAGE_MODELS`;
        - a model of timm, "timm:NAME", or of open_clip with its weights,
          "open_clip:ARCHITECTURE/WEIGHTS". "timm:" and "open_clip:" may be left out where the
          name is of one of their lists, and are needed before "hf-hub:NAME";
        - a folder that timm or open_clip has saved a model to;
        - a model of timm in memory, with the features as its output (``num_classes=0``);
        - a tuple ``(module, preprocess)``: a torch module that makes rows of a batch of
          images, by its method ``encode_image`` if it has one, and a function that makes a
          tensor, always of the same shape, of a PIL image in RGB.

        A named model is loaded with its weights and with its own preprocessing; what is not on
        this machine yet is downloaded by its library. A module is moved to the device, and put
        into evaluation mode.

    batch_size : int, default=64
        Number of images that the model is given at once.

    num_workers : int or "auto", default="auto"
        Number of processes that read and preprocess images; 0 for none beside this one. "auto"
        for one a core, but at most 8, where a GPU waits for them, and 0 on the CPU.

    device : str or torch.device, default="auto"
        Where the model runs: "auto" for CUDA, then MPS, then the CPU, whichever is there; or
        any device that torch knows.

    precision : {"auto", "float32", "bfloat16", "float16"}, default="auto"
        Mixed precision of the model: the dtype of its matrix products. "auto" for bfloat16 on
        CUDA from Ampere on, float16 on older GPUs with CUDA, and float32 elsewhere. Embeddings
        are float32.

    cache : str, Path or None, default=None
        Folder in which embeddings are kept, and looked up before anything is encoded; None to
        keep none. They are known by the model, its preprocessing, ``precision`` and the content
        of the image. What is encoded is written every few seconds: if the process is stopped
        or killed, the next one encodes only the rest.

    cache_key : str or None, default=None
        A name for the model and its preprocessing in the cache. None to work out what they are:
        for a named model, the name and the version of its library; for a folder, what its files
        hold; for a module, its weights, its architecture and the code of its class, and what
        the preprocessing makes of some images.

    on_error : {"raise", "skip"}, default="raise"
        What becomes of an image that is missing or cannot be decoded: an error with its path,
        or a warning with its path; then it has no row.

    verbose : int, default=0
        1 prints about ten lines of progress, 2 a line each batch.

    Attributes
    ----------
    n_features_out_ : int
        Number of features that the model makes.

    skipped_ : ndarray of int
        Positions in ``X`` of the images that have no row, in the last call of ``transform``.
        ``numpy.delete(names, encoder.skipped_)`` are the names of the rows.

    skipped_reasons_ : list of str
        Why each of them cannot be read.

    n_encoded_ : int
        Number of images that the model was given in the last call of ``transform``; the others
        were in the cache or twice in ``X``.

    See Also
    --------
    TextEncoder : Embed texts.
    image_files : The images of a folder in the order of their rows.

    Notes
    -----
    Images are turned upright, as the camera noted, and made RGB before the preprocessing. Of
    CLIP and SigLIP models the embeddings are those in the space that images and texts share,
    not normalized; of DINO models they are the class token, after the last normalization.

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

    With models that are downloaded, a folder of photos becomes clusters like this::

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
        model="clip-vit-l14",
        *,
        batch_size=64,
        num_workers="auto",
        device="auto",
        precision="auto",
        cache=None,
        cache_key=None,
        on_error="raise",
        verbose=0,
    ):
        self.model = model
        self.batch_size = batch_size
        self.num_workers = num_workers
        self.device = device
        self.precision = precision
        self.cache = cache
        self.cache_key = cache_key
        self.on_error = on_error
        self.verbose = verbose

    def transform(self, X):
        """Embed images, or read their embeddings from the cache.

        Parameters
        ----------
        X : str or Path, or a collection of images
            A folder, of which all images are taken, also of folders within it, in the order of
            :func:`image_files`; or one image a sample:

            - a list, an array, a pandas or polars Series or a DataFrame of one column, of paths,
              PIL images or arrays;
            - an array of shape (n_samples, height, width) or (n_samples, height, width,
              channels), or a tensor of shape (n_samples, channels, height, width): integers from
              0 to 255, or floats from 0 to 1;
            - a torch dataset of images, or of tuples that begin with one; a Hugging Face
              dataset with one column of images, or such a column.

        Returns
        -------
        rows : ndarray of shape (n_samples, `n_features_out_`), float32
            Embeddings. Images that cannot be read have no row if ``on_error="skip"``: see
            ``skipped_``. With ``set_output(transform="pandas")``, the index of the frame tells
            which images the rows are of.

        Raises
        ------
        ValueError
            If an image cannot be read and ``on_error="raise"``, or if none can.
        TypeError
            If ``X`` is no collection.
        FileNotFoundError
            If ``X`` is a folder that is not there.

        Warns
        -----
        UserWarning
            If images are skipped.
        """
        return self._encode(X)

    def _find_source(self):
        return find_image_model(self.model)

    def _read_items(self, X):
        return read_images(X)

    def _num_workers(self, device):
        if self.num_workers != "auto":
            return self.num_workers
        return 0 if device.type == "cpu" else min(cpu_count(), MOST_WORKERS)
