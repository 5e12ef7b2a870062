"""Run the command line: ``python -m sklearn_turtle``."""

import sys

from sklearn_turtle._cli import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
