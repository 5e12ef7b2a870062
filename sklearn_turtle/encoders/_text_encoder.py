"""TextEncoder."""

from sklearn_turtle.encoders._base import BaseEncoder
from sklearn_turtle.encoders._items import read_texts
from sklearn_turtle.encoders._text_models import find_text_model

# sentence-transformers sorts what it is given by length, so that less is padded
BATCHES_AT_ONCE = 16


class TextEncoder(BaseEncoder):
    """Embed texts by a frozen sentence encoder.

    Parameters
    ----------
    model : str, Path, SentenceTransformer or callable, default="all-MiniLM-L6-v2"
        The model:

        - the name of a model of sentence-transformers, which is downloaded where it is not on
          this machine yet, or a folder that holds one;
        - a SentenceTransformer, which is moved to the device;
        - a function that makes an array of shape (n_texts, n_features) of a list of texts.

    prompt : str or None, default=None
        What is put before each text, where the model was trained with such words.

    batch_size : int, default=32
        Number of texts that the model is given at once.

    device : str or torch.device, default="auto"
        Where the model runs: "auto" for CUDA, then MPS, then the CPU, whichever is there; or
        any device that torch knows. Without effect on a function.

    precision : {"auto", "float32", "bfloat16", "float16"}, default="auto"
        Mixed precision of the model: the dtype of its matrix products. "auto" for bfloat16 on
        CUDA from Ampere on, float16 on older GPUs with CUDA, and float32 elsewhere. Embeddings
        are float32. Without effect on a function.

    cache : str, Path or None, default=None
        Folder in which embeddings are kept, and looked up before anything is encoded; None to
        keep none. They are known by the model, ``prompt``, ``precision`` and the text. What is
        encoded is written every few seconds: if the process is stopped or killed, the next one
        encodes only the rest.

    cache_key : str or None, default=None
        A name for the model in the cache. None to work out what it is: for a name, the name and
        the version of sentence-transformers; for a folder, what its files hold; for a
        SentenceTransformer, its weights, its architecture, and what it makes of some texts
        before they are encoded. A function needs a key.

    on_error : {"raise", "skip"}, default="raise"
        What becomes of a text that is missing or is no string: an error or a warning; then it
        has no row.

    verbose : int, default=0
        1 prints about ten lines of progress, 2 a line each time the model has been called.

    Attributes
    ----------
    n_features_out_ : int
        Number of features that the model makes.

    skipped_ : ndarray of int
        Positions in ``X`` of the texts that have no row, in the last call of ``transform``.

    skipped_reasons_ : list of str
        Why each of them cannot be read.

    n_encoded_ : int
        Number of texts that the model was given in the last call of ``transform``; the others
        were in the cache or twice in ``X``.

    See Also
    --------
    ImageEncoder : Embed images.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_turtle.encoders import TextEncoder
    >>> def count_letters(texts):
    ...     return np.array([[text.count(letter) for letter in "aeiou"] for text in texts])
    >>> TextEncoder(count_letters).fit_transform(["a banana", "an apple", "two"])
    array([[4., 0., 0., 0., 0.],
           [2., 1., 0., 0., 0.],
           [0., 0., 0., 1., 0.]], dtype=float32)
    """

    _parameter_constraints = {**BaseEncoder._parameter_constraints, "prompt": [None, str]}

    def __init__(
        self,
        model="all-MiniLM-L6-v2",
        *,
        prompt=None,
        batch_size=32,
        device="auto",
        precision="auto",
        cache=None,
        cache_key=None,
        on_error="raise",
        verbose=0,
    ):
        self.model = model
        self.prompt = prompt
        self.batch_size = batch_size
        self.device = device
        self.precision = precision
        self.cache = cache
        self.cache_key = cache_key
        self.on_error = on_error
        self.verbose = verbose

    def transform(self, X):
        """Embed texts, or read their embeddings from the cache.

        Parameters
        ----------
        X : collection of str
            A list, an array, a pandas or polars Series or a DataFrame of one column; or a
            dataset of texts, of tuples that begin with one, or of dicts of which one value is
            one.

        Returns
        -------
        rows : ndarray of shape (n_samples, `n_features_out_`), float32
            Embeddings. Texts that cannot be read have no row if ``on_error="skip"``: see
            ``skipped_``. With ``set_output(transform="pandas")``, the index of the frame tells
            which texts the rows are of.

        Raises
        ------
        ValueError
            If ``X`` is one text, if a text cannot be read and ``on_error="raise"``, or if none
            can.
        TypeError
            If ``X`` is no collection.

        Warns
        -----
        UserWarning
            If texts are skipped.
        """
        return self._encode(X)

    def _find_source(self):
        return find_text_model(self.model)

    def _read_items(self, X):
        return read_texts(X)

    def _portion(self):
        return BATCHES_AT_ONCE * self.batch_size

    def _row_options(self):
        of_texts = {"batch_size": self.batch_size, "prompt": self.prompt}
        return super()._row_options() | of_texts

    def _describe(self, source):
        settings = super()._describe(source)
        return None if settings is None else settings | {"prompt": self.prompt}
