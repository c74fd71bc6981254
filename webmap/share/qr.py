"""QR codes of addresses, to be scanned from a screen and from paper, as SVG and as PNG."""

from io import BytesIO

import segno

INK = "#17202b"
QUIET = 4
"""Modules of white around, as ISO/IEC 18004 wants them."""

MOST = 1200
"""Characters up to which telephones read a code from a screen."""

_PNG_SCALE = 12


def svg(address: str) -> str:
    """The code as an SVG element that fills its place."""
    made: str = _code(address).svg_inline(border=QUIET, dark=INK, light="#fff", omitsize=True, svgclass=None)
    return made


def svg_file(address: str) -> bytes:
    """The code as an SVG file."""
    written = BytesIO()
    _code(address).save(written, kind="svg", border=QUIET, dark=INK, light="#fff", scale=8)
    return written.getvalue()


def png_file(address: str) -> bytes:
    """The code as a PNG of some 400 pixels or more, sharp when printed small."""
    written = BytesIO()
    _code(address).save(written, kind="png", border=QUIET, dark=INK, light="#fff", scale=_PNG_SCALE)
    return written.getvalue()


def _code(address: str) -> segno.QRCode:
    return segno.make_qr(address, error="m" if len(address) < 200 else "l", boost_error=True)
