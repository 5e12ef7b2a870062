"""Importing libraries that import torchvision, where its compiled operators cannot be loaded.

The CPU build of torch beside a torchvision that was built for CUDA is such a place. timm,
open_clip and transformers use torchvision's transforms, which are plain Python, and none of the
operators; but torchvision looks for two of them when it is imported.
"""

from importlib import import_module

import pytest
import torch

_declared = []


def import_or_skip(module):
    """Import a module, or skip the test where it is not installed."""
    try:
        import_module("torchvision")
    except ImportError:
        pass
    except RuntimeError:
        library = torch.library.Library("torchvision", "FRAGMENT")
        for operator in ("nms", "qnms"):
            library.define(f"{operator}(Tensor dets, Tensor scores, float threshold) -> Tensor")
        _declared.append(library)  # they are there as long as it is
    return pytest.importorskip(module)
