"""Small spaces as the solver reads them."""

import torch

from sklearn_turtle._solver import FeatureSpace
from tests.support.two_spaces import two_spaces


def feature_spaces(n_samples=120, **options):
    """The blobs of :func:`two_spaces` as FeatureSpaces, scaled as in a fit."""
    spaces = []
    for x in two_spaces(n_samples)[0]:
        features = torch.from_numpy(x)
        shift = features.mean(0)
        scale = 400 / (features - shift).abs().sum(1).mean().item()
        spaces.append(FeatureSpace(features, shift=shift, scale=scale, **options))
    return spaces
