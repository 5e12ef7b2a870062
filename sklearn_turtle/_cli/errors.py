"""Errors that the user can fix, each reported as one line."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from sklearn.utils._param_validation import InvalidParameterError

from sklearn_turtle._io._errors import FileError


class CommandError(Exception):
    """Ends a command with a message of one line.

    Parameters
    ----------
    message : object
        The problem, the file, and what to do. Line breaks become spaces.
    """

    def __init__(self, message: object) -> None:
        super().__init__(" ".join(str(message).split()))


@contextmanager
def one_line_errors(paths: Sequence[str] = (), names: Sequence[str] = ()) -> Iterator[None]:
    """Turn errors of the library into a CommandError.

    Parameters
    ----------
    paths : sequence of str, default=()
        Feature files. The message of an error that may be due to one of them lists them all.
    names : sequence of str, default=()
        Names of the spaces in the files.

    Raises
    ------
    CommandError
        If the body raises an error that the user can fix.
    """
    try:
        yield
    except (FileError, InvalidParameterError, OSError, ImportError) as error:
        raise CommandError(error) from error
    except (ValueError, TypeError) as error:
        spaces = ", ".join(f"{name} = {path}" for name, path in zip(names, paths, strict=True))
        raise CommandError(f"{error} (spaces: {spaces})" if spaces else error) from error
    except (MemoryError, torch.cuda.OutOfMemoryError) as error:
        raise CommandError(
            f"there is not enough memory ({error}); try a smaller batch size or device 'cpu'"
        ) from error
