"""Errors about files."""


class FileError(ValueError):
    """A file cannot be read, or does not hold what is needed.

    Parameters
    ----------
    message : str
        One line: the file, what was found, and what to do. Line breaks become spaces.
    """

    def __init__(self, message: object) -> None:
        super().__init__(" ".join(str(message).split()))
