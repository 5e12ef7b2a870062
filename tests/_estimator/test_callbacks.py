import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

import pytest

from sklearn_turtle._estimator import _callbacks


def test_the_mixin_is_that_of_scikit_learn():
    callback = pytest.importorskip("sklearn.callback", reason="needs scikit-learn >= 1.9")
    assert _callbacks.CallbackSupportMixin is callback.CallbackSupportMixin


def test_the_mixin_is_empty_without_callbacks_in_scikit_learn(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.callback", None)  # an import fails
    loader = SourceFileLoader("callbacks_of_an_early_version", _callbacks.__file__)
    module = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    assert not hasattr(module.CallbackSupportMixin, "set_callbacks")
    assert module.CallbackSupportMixin.__bases__ == (object,)
