"""Types of Arrow that hold one vector per row."""

from typing import Any


def stored_type(arrow_type: Any) -> Any:
    """The type of the values in memory: types such as tensors are defined on top of another."""
    return getattr(arrow_type, "storage_type", arrow_type)


def is_list_type(arrow_type: Any) -> bool:
    """Return True for the types of lists, also of fixed length, and of tensors of fixed shape."""
    return hasattr(stored_type(arrow_type), "value_field")
