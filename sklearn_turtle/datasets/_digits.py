"""The handwritten digits of scikit-learn in two feature spaces, computed here.

They stand in for the embeddings of two foundation models, which no package can bring along.
The settings of this module were chosen by hand on these very images, so that clustering them is
an illustration and no benchmark; no feature depends on the true digits.
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


def load_digit_spaces():
    """Load the digits and compute their features.

    Returns
    -------
    spaces : dict of str to ndarray of shape (1797, 500), float32
        "gradients", from histograms of oriented gradients, and "filters", from the responses
        to a bank of filters that is learned from the images; each as similarities to 500 of the
        images.
    labels : ndarray of shape (1797,), int
        The true digits, for scoring alone.
    """
    digits = load_digits()
    images = (digits.images / 16).astype(np.float32)
    return {
        "gradients": similarities(gradient_histograms(images)),
        "filters": similarities(filter_responses(images)),
    }, digits.target


def gradient_histograms(images):
    """Histograms of the directions of gray-value gradients in the cells of a 4 x 4 grid [1]_.

    Parameters
    ----------
    images : ndarray of shape (n_images, height, width), float32
        Gray values from 0 to 1.

    Returns
    -------
    ndarray of shape (n_images, 128), float32

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
    # each gradient is shared between the two directions that it lies between
    shares = [
        np.maximum(1 - np.abs((position - direction + half) % N_DIRECTIONS - half), 0)
        for direction in range(N_DIRECTIONS)
    ]
    maps = np.stack(shares, axis=-1) * np.hypot(down, right)[..., None]
    return np.sqrt(_pool(maps, cells_a_side=4))


def filter_responses(images):
    """Responses to a filter bank that is learned from the images themselves [1]_.

    Patches are normalized in contrast, whitened and clustered by k-means, whose centers are the
    filters. A filter responds to a patch if it is nearer than filters are on average, and as
    much as it is. The responses are pooled over the cells of a 3 x 3 grid.

    Parameters
    ----------
    images : ndarray of shape (n_images, height, width), float32
        Gray values from 0 to 1.

    Returns
    -------
    ndarray of shape (n_images, 900), float32

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
    return _pool(responses.reshape(*patches.shape[:-1], N_FILTERS), cells_a_side=3)


def similarities(features):
    """Map features so that inner products are local similarities (Gaussian kernel, Nystroem).

    Parameters
    ----------
    features : ndarray of shape (n_images, n_features)
        Features of each image.

    Returns
    -------
    ndarray of shape (n_images, n_landmarks), float32
    """
    mean_squared_distance = 2 * features.var(axis=0).sum()
    kernel = Nystroem(gamma=4 / mean_squared_distance, n_components=N_LANDMARKS, random_state=0)
    return kernel.fit_transform(features).astype(np.float32)


def _whitened_patches(images):
    """All patches, one at each position of the images with a margin of one pixel."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    patches = sliding_window_view(padded, (PATCH_SIDE, PATCH_SIDE), axis=(1, 2))
    patches = patches.reshape(*patches.shape[:3], -1)
    patches = patches - patches.mean(axis=-1, keepdims=True)
    patches /= np.sqrt(patches.var(axis=-1, keepdims=True) + 0.01)  # empty patches stay empty
    values, axes = np.linalg.eigh(np.cov(patches.reshape(-1, patches.shape[-1]).T))
    whitening = (axes / np.sqrt(values + 0.1)) @ axes.T
    return patches @ whitening.astype(patches.dtype)


def _pool(maps, cells_a_side):
    """Average (n_images, height, width, n_maps) over the cells of a grid, in one row an image."""
    rows, columns = (_cells(length, cells_a_side) for length in maps.shape[1:3])
    pooled = np.einsum("nijm,ai,bj->nmab", maps, rows, columns, optimize=True)
    return pooled.reshape(len(maps), -1).astype(np.float32)


def _cells(length, cells_a_side):
    """Weights of the positions in each cell; neighboring cells overlap."""
    centers = (np.arange(cells_a_side) + 0.5) * length / cells_a_side - 0.5
    spread = length / cells_a_side / 2
    weights = np.exp(-0.5 * ((np.arange(length) - centers[:, None]) / spread) ** 2)
    return weights / weights.sum(axis=1, keepdims=True)
