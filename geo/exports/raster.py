"""SVG to PNG by resvg, in a process of its own: it holds the interpreter while it draws, and readers would wait.

Run as a program this file reads SVG and writes PNG; so that it starts quickly it imports nothing of LouMap.
"""

import subprocess
import sys
from pathlib import Path

PATIENCE_S = 20
FONTS = Path("/usr/share/fonts")
"""Where Debian's fonts-noto-cjk puts the letters that pictures are written with."""


def png(svg: str, times: float = 1.0) -> bytes:
    """The picture with so many pixels for each of the drawing's.

    Raises
    ------
    geo.errors.PictureError
        It is no SVG, or takes too long.
    """
    from geo.errors import PictureError  # noqa: PLC0415 - see above

    command = [sys.executable, "-I", __file__, f"{times:g}"]
    try:
        done = subprocess.run(command, input=svg.encode(), capture_output=True, check=False, timeout=PATIENCE_S)
    except subprocess.TimeoutExpired as error:
        raise PictureError(f"A picture was not drawn within {PATIENCE_S} s.") from error
    if done.returncode or not done.stdout:
        raise PictureError(f"A picture was not drawn: {done.stderr.decode(errors='replace')[-300:]}")
    return done.stdout


def font_files(folder: Path = FONTS) -> list[str]:
    """The sans-serif Chinese fonts of the system, plain and bold; none where they are not installed."""
    return sorted(str(path) for weight in ("Regular", "Bold") for path in folder.rglob(f"NotoSansCJK-{weight}.ttc"))


def _draw() -> None:
    import resvg_py  # noqa: PLC0415 - only the process that draws needs it

    fonts = font_files()
    drawn = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        zoom=float(sys.argv[1]),
        skip_system_fonts=bool(fonts),
        font_files=fonts,
        text_rendering="geometric_precision",
    )
    sys.stdout.buffer.write(bytes(drawn))


if __name__ == "__main__":
    _draw()
