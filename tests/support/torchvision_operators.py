"""Import libraries that import torchvision, even if its compiled operators cannot be loaded.

This happens with a CPU build of torch and a torchvision that was built for CUDA. timm, open_clip
and transformers use only torchvision's transforms, which are written in Python. But the import of
torchvision fails if two of its compiled operators are not declared.
"""

from importlib import import_module

import pytest
import torch

_libraries = []


def import_or_skip(module):
    """Import a module, or skip the test if it is not installed."""
    try:
        import_module("torchvision")
    except ImportError:
        pass
    except RuntimeError:
        library = torch.library.Library("torchvision", "FRAGMENT")
        for operator in ("nms", "qnms"):
            library.define(f"{operator}(Tensor dets, Tensor scores, float threshold) -> Tensor")
        _libraries.append(library)  # the declarations live as long as the library
    return pytest.importorskip(module)
