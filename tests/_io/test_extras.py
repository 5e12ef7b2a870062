"""Optional packages."""

import sys

import pytest

from sklearn_turtle._io._extras import import_extra


def test_installed_package():
    assert import_extra("json.decoder", "json", "plot", "Plotting").__name__ == "json.decoder"


def test_missing_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError) as raised:
        import_extra("matplotlib", "matplotlib", "plot", "A report")
    message = str(raised.value)
    assert message.startswith("A report needs matplotlib: pip install matplotlib, or ")
    assert 'pip install "sklearn-turtle[plot]"' in message
