"""Embed images and texts with frozen models, as scikit-learn transformers."""

from sklearn_turtle.encoders._image_encoder import ImageEncoder
from sklearn_turtle.encoders._image_names import IMAGE_MODELS
from sklearn_turtle.encoders._images import image_files
from sklearn_turtle.encoders._text_encoder import TextEncoder

__all__ = ["IMAGE_MODELS", "ImageEncoder", "TextEncoder", "image_files"]
