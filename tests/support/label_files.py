"""Label files written and read as in the authors' released code, with torch only."""

import numpy as np
import torch
from torch.nn.utils import parametrizations, parametrize

WIDTHS = [5, 3]
N_CLUSTERS = 4


def released_layers(seed=0, widths=WIDTHS, n_clusters=N_CLUSTERS):
    """Return one linear layer per space, with weight normalization, as during training."""
    generator = torch.Generator().manual_seed(seed)
    layers = []
    for width in widths:
        layer = parametrizations.weight_norm(torch.nn.Linear(width, n_clusters))
        with torch.no_grad():
            for parameter in layer.parameters():
                parameter.copy_(torch.randn(parameter.shape, generator=generator))
        layers.append(layer)
    return layers


def save_released(path, **how):
    """Write a file as at the end of training; return the weight and bias of each space."""
    layers = released_layers()
    for layer in layers:
        parametrize.remove_parametrizations(layer, "weight")
    states = {f"phi{k}": layer.state_dict() for k, layer in enumerate(layers, start=1)}
    torch.save(states, path, **how)
    return [(layer.weight.detach().numpy(), layer.bias.detach().numpy()) for layer in layers]


def read_released(path):
    """Fill layers in the order of the entries, as in the authors' evaluation."""
    states = list(torch.load(path, weights_only=True).values())
    layers = [torch.nn.Linear(*reversed(state["weight"].shape)) for state in states]
    for layer, state in zip(layers, states, strict=True):
        layer.load_state_dict(state)
    return [(layer.weight.detach().numpy(), layer.bias.detach().numpy()) for layer in layers]


def literal_probabilities(spaces, layers):
    """Compute Eq. 9 sample by sample: the mean over the spaces of softmax(V_k z_k + a_k)."""
    rows = []
    for features in zip(*spaces, strict=True):
        softmaxes = []
        for z, (weight, bias) in zip(features, layers, strict=True):
            exponentials = np.exp(weight.astype(float) @ z.astype(float) + bias)
            softmaxes.append(exponentials / exponentials.sum())
        rows.append(sum(softmaxes) / len(softmaxes))
    return np.array(rows)


def released_features(n_samples=50, seed=0):
    """Return random features with the widths of the layers."""
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(n_samples, width)).astype(np.float32) for width in WIDTHS]
