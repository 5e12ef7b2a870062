"""Images that are embedded in the page as data URLs."""

from base64 import b64encode
from io import BytesIO
from typing import Any

from sklearn_turtle._io._thumbnails import thumbnail

THUMBNAIL_SIDE = 80
THUMBNAIL_QUALITY = 75


def encode_plot(display: Any, **style: Any) -> str:
    """Draw a display as SVG.

    Parameters
    ----------
    display : Display
        What to draw.
    **style : dict
        Arguments of its ``plot``.

    Returns
    -------
    str
        Data URL.
    """
    import matplotlib
    from matplotlib.figure import Figure

    # A fixed salt and no date give the same file for the same plot.
    with matplotlib.rc_context({"svg.hashsalt": "sklearn_turtle"}):
        figure = Figure(figsize=(5, 3.6), layout="constrained")
        display.plot(ax=figure.subplots(), **style)
        file = BytesIO()
        figure.savefig(file, format="svg", dpi=200, metadata={"Date": None})
    return _data_url("image/svg+xml", file.getvalue())


def encode_thumbnail(image: Any) -> str:
    """Make a JPEG thumbnail.

    Parameters
    ----------
    image : str, Path, PIL image or ndarray of uint8
        The image.

    Returns
    -------
    str
        Data URL.
    """
    from PIL import Image

    file = BytesIO()
    pixels = thumbnail(image, THUMBNAIL_SIDE)
    Image.fromarray(pixels).save(file, format="JPEG", quality=THUMBNAIL_QUALITY, optimize=True)
    return _data_url("image/jpeg", file.getvalue())


def _data_url(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{b64encode(content).decode()}"
