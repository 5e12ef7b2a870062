"""Pictures that stand in the page itself, as data addresses."""

from base64 import b64encode
from io import BytesIO

from sklearn_turtle.display._contact_sheet import thumbnail

THUMBNAIL_SIDE = 80
THUMBNAIL_QUALITY = 75


def drawing(display, **style):
    """A Display drawn as SVG.

    Parameters
    ----------
    display : Display
        What to draw.
    **style : dict
        For its ``plot``.

    Returns
    -------
    str
        Data address.
    """
    import matplotlib
    from matplotlib.figure import Figure

    # the salt and the missing date make the same file of the same drawing
    with matplotlib.rc_context({"svg.hashsalt": "sklearn_turtle"}):
        figure = Figure(figsize=(5, 3.6), layout="constrained")
        display.plot(ax=figure.subplots(), **style)
        file = BytesIO()
        figure.savefig(file, format="svg", dpi=200, metadata={"Date": None})
    return _data_address("image/svg+xml", file.getvalue())


def small_image(image):
    """A thumbnail as JPEG.

    Parameters
    ----------
    image : str, Path, PIL image or ndarray of uint8
        The image.

    Returns
    -------
    str
        Data address.
    """
    from PIL import Image

    file = BytesIO()
    pixels = thumbnail(image, THUMBNAIL_SIDE)
    Image.fromarray(pixels).save(file, format="JPEG", quality=THUMBNAIL_QUALITY, optimize=True)
    return _data_address("image/jpeg", file.getvalue())


def _data_address(kind, content):
    return f"data:{kind};base64,{b64encode(content).decode()}"
