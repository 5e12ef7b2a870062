"""Errors about files."""


class FileError(ValueError):
    """Raised if a file cannot be read or has unexpected content.

    Parameters
    ----------
    message : object
        One line that names the file, the problem and what to do. Line breaks become spaces.
    """

    def __init__(self, message: object) -> None:
        super().__init__(" ".join(str(message).split()))
