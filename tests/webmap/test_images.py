"""What is kept of a photo is what is seen on it, in two sizes."""

from io import BytesIO

import pytest
from PIL import Image

from webmap.errors import FileRefusedError, FileTooLargeError
from webmap.images import LARGE_PX, MOST_BYTES, SMALL_PX, read_image

ORIENTATION, MAKER, PLACE = 0x0112, 0x010F, 0x8825


def photo(size: tuple[int, int] = (1600, 900), kind: str = "JPEG", mode: str = "RGB", **options: object) -> BytesIO:
    written = BytesIO()
    Image.new(mode, size, options.pop("colour", "steelblue")).save(written, kind, **options)
    return BytesIO(written.getvalue())


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_in_two_sizes(kind: str) -> None:
    sizes = read_image(photo(kind=kind))
    assert (sizes.width, sizes.height) == opened(sizes.large).size == (LARGE_PX, 720)
    assert opened(sizes.small).size == (SMALL_PX, 180)
    assert opened(sizes.large).format == opened(sizes.small).format == "JPEG"


def test_where_and_with_what_it_was_taken_is_dropped() -> None:
    exif = Image.Exif()
    exif[MAKER] = "SecretCam 4711"
    exif[PLACE] = {1: "N", 2: (31.0, 14.0, 5.0)}
    taken = photo(exif=exif, comment=b"by somebody", icc_profile=b"profile")
    assert b"SecretCam" in taken.getvalue()
    for kept in (read_image(taken).large, read_image(BytesIO(taken.getvalue())).small):
        assert dict(opened(kept).getexif()) == {}
        assert not {"exif", "comment", "icc_profile"} & opened(kept).info.keys()
        assert b"SecretCam" not in kept


def test_a_photo_stands_upright_as_the_camera_was_held() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    sizes = read_image(photo((600, 400), exif=exif))
    assert (sizes.width, sizes.height) == (400, 600)


def test_what_can_be_seen_through_becomes_white() -> None:
    sizes = read_image(photo((40, 40), "PNG", "RGBA", colour=(0, 0, 0, 0)))
    assert opened(sizes.large).getpixel((20, 20)) == (255, 255, 255)


def test_a_small_picture_is_not_made_larger() -> None:
    sizes = read_image(photo((200, 100)))
    assert (sizes.width, sizes.height) == (200, 100)


def test_too_many_bytes_or_pixels_are_refused_with_the_limit() -> None:
    with pytest.raises(FileTooLargeError, match="10 MB"):
        read_image(BytesIO(b"x" * (MOST_BYTES + 1)))
    for size in ((8000, 5001), (30_000, 20_000)):
        with pytest.raises(FileTooLargeError, match="40 megapixels"):
            read_image(photo(size, "PNG", "1", colour=0))


@pytest.mark.parametrize(
    "data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", photo().getvalue()[:900]]
)
def test_what_is_no_whole_picture_is_refused(data: bytes) -> None:
    with pytest.raises(FileRefusedError, match="JPEG, PNG or WebP"):
        read_image(BytesIO(data))
