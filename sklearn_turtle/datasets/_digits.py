"""Two feature spaces of the handwritten digits of scikit-learn.

Examples and tests use them in place of the embeddings of two foundation models, which a package
cannot ship. The settings below were chosen by hand on these images, so clustering them is an
illustration, not a benchmark. The features do not depend on the labels.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import ndimage
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits
from sklearn.kernel_approximation import Nystroem

N_DIRECTIONS = 8
PATCH_SIDE = 4
N_FILTERS = 100
N_LANDMARKS = 500


def load_digit_spaces() -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Compute two feature spaces of the handwritten digits of scikit-learn.

    The spaces take the place of the embeddings of two foundation models in examples and tests.
    They need no download and take a few seconds to compute. Clustering them is an illustration,
    not a benchmark, since the settings of the features were chosen on these images.

    Returns
    -------
    spaces : dict of str to ndarray of shape (1797, 500), float32
        Features of each image in two spaces: "gradients" describes histograms of oriented
        gradients [1]_, "filters" the responses to a filter bank learned from the images [2]_.
        In both spaces, the features approximate a Gaussian kernel with 500 landmark images.
    labels : ndarray of shape (1797,), int64
        Digit on each image, from 0 to 9. The features do not depend on it.

    See Also
    --------
    sklearn.datasets.load_digits : Load the images themselves.

    References
    ----------
    .. [1] N. Dalal, B. Triggs, "Histograms of Oriented Gradients for Human Detection", CVPR
       2005.
    .. [2] A. Coates, H. Lee, A. Y. Ng, "An Analysis of Single-Layer Networks in Unsupervised
       Feature Learning", AISTATS 2011.

    Examples
    --------
    >>> from sklearn_turtle.datasets import load_digit_spaces
    >>> spaces, labels = load_digit_spaces()
    >>> {name: features.shape for name, features in spaces.items()}
    {'gradients': (1797, 500), 'filters': (1797, 500)}
    >>> labels[:5].tolist()
    [0, 1, 2, 3, 4]
    """
    digits = load_digits()
    images = (digits.images / 16).astype(np.float32)
    return {
        "gradients": similarities(gradient_histograms(images)),
        "filters": similarities(filter_responses(images)),
    }, digits.target


def gradient_histograms(images: np.ndarray) -> np.ndarray:
    """Compute histograms of gradient directions in the cells of a 4 x 4 grid [1]_.

    Parameters
    ----------
    images : ndarray of shape (n_images, height, width), float32
        Gray values from 0 to 1.

    Returns
    -------
    ndarray of shape (n_images, 128), float32
        Histograms of each image.

    References
    ----------
    .. [1] N. Dalal, B. Triggs, "Histograms of Oriented Gradients for Human Detection", CVPR
       2005.
    """
    enlarged = np.pad(ndimage.zoom(images, (1, 2, 2), order=1), ((0, 0), (1, 1), (1, 1)))
    down, right = (
        ndimage.gaussian_filter(enlarged, sigma=(0, 1, 1), order=order)
        for order in ((0, 1, 0), (0, 0, 1))
    )
    position = np.arctan2(down, right) / (2 * np.pi) * N_DIRECTIONS
    half = N_DIRECTIONS / 2
    # Each gradient counts for its two neighboring directions, in linear interpolation.
    shares = [
        np.maximum(1 - np.abs((position - direction + half) % N_DIRECTIONS - half), 0)
        for direction in range(N_DIRECTIONS)
    ]
    maps = np.stack(shares, axis=-1) * np.hypot(down, right)[..., None]
    histograms: np.ndarray = np.sqrt(_pool(maps, cells_per_side=4))
    return histograms


def filter_responses(images: np.ndarray) -> np.ndarray:
    """Compute the responses to a filter bank that is learned from the images [1]_.

    The filters are the k-means centers of contrast-normalized, whitened patches. The response of
    a filter to a patch is the mean distance of all filters to the patch minus the distance of
    this filter, or zero if that is negative. Responses are averaged over the cells of a 3 x 3
    grid.

    Parameters
    ----------
    images : ndarray of shape (n_images, height, width), float32
        Gray values from 0 to 1.

    Returns
    -------
    ndarray of shape (n_images, 900), float32
        Averaged responses of each image.

    References
    ----------
    .. [1] A. Coates, H. Lee, A. Y. Ng, "An Analysis of Single-Layer Networks in Unsupervised
       Feature Learning", AISTATS 2011.
    """
    patches = _whitened_patches(images)
    flat = patches.reshape(-1, patches.shape[-1])
    sample = np.random.default_rng(0).choice(len(flat), 10_000, replace=False)
    k_means = KMeans(N_FILTERS, n_init=1, max_iter=20, random_state=0).fit(flat[sample])
    distances = k_means.transform(flat)
    responses = np.maximum(distances.mean(axis=1, keepdims=True) - distances, 0)
    return _pool(responses.reshape(*patches.shape[:-1], N_FILTERS), cells_per_side=3)


def similarities(features: np.ndarray) -> np.ndarray:
    """Map features so that their inner products approximate a Gaussian kernel (Nystroem).

    Parameters
    ----------
    features : ndarray of shape (n_images, n_features)
        Features of each image.

    Returns
    -------
    ndarray of shape (n_images, n_landmarks), float32
        Mapped features.
    """
    mean_squared_distance = 2 * features.var(axis=0).sum()
    kernel = Nystroem(gamma=4 / mean_squared_distance, n_components=N_LANDMARKS, random_state=0)
    mapped: np.ndarray = kernel.fit_transform(features)
    return mapped.astype(np.float32)


def _whitened_patches(images: np.ndarray) -> np.ndarray:
    """Return the whitened patch at each position of the images, padded by one pixel."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    patches = sliding_window_view(padded, (PATCH_SIDE, PATCH_SIDE), axis=(1, 2))
    patches = patches.reshape(*patches.shape[:3], -1)
    patches = patches - patches.mean(axis=-1, keepdims=True)
    patches /= np.sqrt(patches.var(axis=-1, keepdims=True) + 0.01)  # constant patches stay zero
    values, axes = np.linalg.eigh(np.cov(patches.reshape(-1, patches.shape[-1]).T))
    whitening = (axes / np.sqrt(values + 0.1)) @ axes.T
    whitened: np.ndarray = patches @ whitening.astype(patches.dtype)
    return whitened


def _pool(maps: np.ndarray, cells_per_side: int) -> np.ndarray:
    """Average maps of shape (n_images, height, width, n_maps) over a grid, one row per image."""
    rows, columns = (_cells(length, cells_per_side) for length in maps.shape[1:3])
    pooled: np.ndarray = np.einsum("nijm,ai,bj->nmab", maps, rows, columns, optimize=True)
    return pooled.reshape(len(maps), -1).astype(np.float32)


def _cells(length: int, cells_per_side: int) -> np.ndarray:
    """Return the weight of each position in each cell. Neighboring cells overlap."""
    centers = (np.arange(cells_per_side) + 0.5) * length / cells_per_side - 0.5
    spread = length / cells_per_side / 2
    weights: np.ndarray = np.exp(-0.5 * ((np.arange(length) - centers[:, None]) / spread) ** 2)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights
