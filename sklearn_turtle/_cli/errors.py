"""What goes wrong for a reason that the user can mend."""


class CommandError(Exception):
    """Ends a command; its message, one line, is all that the user is shown.

    Parameters
    ----------
    message : str
        What is wrong, in which file, and what to do. Line breaks become spaces.
    """

    def __init__(self, message):
        super().__init__(" ".join(str(message).split()))
