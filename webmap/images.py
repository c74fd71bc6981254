"""Pictures as they are kept: decoded and written anew in two sizes, so that only what is seen is left.

Places, names and serial numbers that cameras write into a file go no further than this.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from webmap.errors import FileRefusedError, FileTooLargeError

MOST_BYTES = 10_000_000
MOST_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
SMALL_PX, LARGE_PX = 320, 1280
"""Widths; a picture is never made larger than it came."""

TALLEST = 3
"""A picture that is higher than so many times its width becomes narrower still."""

QUALITY = 82


@dataclass(frozen=True, slots=True)
class Sizes:
    """Both sizes as JPEG, and width and height of the large one in pixels."""

    large: bytes
    small: bytes
    width: int
    height: int


def read_image(stream: BinaryIO) -> Sizes:
    """The sizes of a JPEG, PNG or WebP picture, upright and on white.

    Raises
    ------
    FileTooLargeError
        It has more bytes or pixels than are taken.
    FileRefusedError
        It is no such picture, or a broken one.
    """
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise FileTooLargeError(f"The picture is over {MOST_BYTES / 1e6:g} MB; save it smaller.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # its size is looked at right below
            image = Image.open(BytesIO(data), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise FileTooLargeError(f"The picture is over {MOST_PIXELS / 1e6:g} megapixels; save it smaller.")
        upright = _plain(image)
    except Image.DecompressionBombError:
        raise FileTooLargeError(f"The picture is over {MOST_PIXELS / 1e6:g} megapixels; save it smaller.") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise FileRefusedError("The file is no whole JPEG, PNG or WebP picture.") from None
    large, small = _within(upright, LARGE_PX), _within(upright, SMALL_PX)
    return Sizes(_written(large), _written(small), *large.size)


def _plain(image: Image.Image) -> Image.Image:
    """The first frame, turned as the camera was held, in red, green and blue, what can be seen through on white."""
    image.draft("RGB", (2 * LARGE_PX, 2 * LARGE_PX))  # a JPEG is read as large as it is needed
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint turns it on for the whole process
    image.load()
    turned = ImageOps.exif_transpose(image)
    if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
        ground = Image.new("RGBA", turned.size, "white")
        ground.alpha_composite(turned.convert("RGBA"))
        turned = ground
    return turned.convert("RGB")


def _within(image: Image.Image, width: int) -> Image.Image:
    smaller = image.copy()
    smaller.thumbnail((width, TALLEST * width), Image.Resampling.LANCZOS)
    return smaller


def _written(image: Image.Image) -> bytes:
    """As JPEG without anything beside the picture."""
    image.info.clear()
    written = BytesIO()
    image.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()
