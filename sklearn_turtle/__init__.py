"""TURTLE."""
