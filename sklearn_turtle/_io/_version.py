"""The version of the library, as it is written into files."""

__version__ = "0.1.0"
