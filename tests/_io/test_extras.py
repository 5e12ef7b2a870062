"""Optional packages."""

import sys

import pytest

from sklearn_turtle._io._extras import import_extra, is_installed


def test_installed_package():
    assert import_extra("json.decoder", "json", "plot", "Plotting").__name__ == "json.decoder"


def test_missing_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError) as raised:
        import_extra("matplotlib", "matplotlib", "plot", "A report")
    message = str(raised.value)
    assert message.startswith("A report needs matplotlib: pip install matplotlib, or ")
    assert 'pip install "sklearn-turtle[plot]"' in message
    assert not is_installed("matplotlib")
    assert not is_installed("no_such_package.module")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import no_such_dependency", "ModuleNotFoundError: No module named 'no_such_dependency'"),
        (
            "try:\n 1 / 0\nexcept ArithmeticError as error:\n raise ImportError('no') from error",
            "ZeroDivisionError: division by zero",
        ),
        ("raise OSError('libx.so:\\ncannot open')", "OSError: libx.so: cannot open"),
    ],
)
def test_broken_package(tmp_path, monkeypatch, code, reason):
    (tmp_path / "broken_package.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ImportError) as raised:
        import_extra("broken_package", "broken-package", "plot", "A report")
    message = str(raised.value)
    assert message.startswith("A report needs broken-package, which is installed but fails to")
    assert reason in message
    assert "pip install" not in message
