"""Tells the encoding of a text by its bytes alone: UTF-8, UTF-16, GB18030 (GBK), Big5 or cp1252.

GB18030 accepts nearly any run of high bytes, so decoding without an error proves nothing. Real Chinese text consists
for the most part of the 3755 level-1 characters of GB 2312-1980 (lead byte B0-D7, trail byte A1-FE), while Western
text read as GBK gives single rare characters whose second byte is an ASCII letter.
"""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from geo.errors import UnreadableFileError

_BLOCK = 1 << 20
_SAMPLE = 4 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DOUBLE = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x80-\xff]")
_RUN = re.compile(rb"(?:[\x81-\xfe][\x40-\x7e\x80-\xfe]){2,}")


@dataclass(frozen=True, slots=True)
class Encoding:
    """A Python codec name and how it was found. `odd_bytes` fit no character of it, in the part that was judged."""

    name: str
    guessed: bool
    odd_bytes: int = 0


def detect_file(path: Path) -> Encoding:
    """Return the encoding of a text file; reads all of it, in blocks."""
    with path.open("rb") as stream:
        return detect(iter(lambda: stream.read(_BLOCK), b""))


def detect(blocks: Iterable[bytes]) -> Encoding:
    """Return the encoding of a text given in blocks of bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    sample, rest, first, valid = bytearray(), b"", True, True
    for block in blocks:
        if first and (found := _by_first_bytes(block)):
            return found
        first = False
        valid = valid and _decodes(decoder, block)
        if not valid and len(sample) >= _SAMPLE:
            break
        rest = _collect(sample, rest + block)
    _collect(sample, rest + b"\n")
    if valid and _decodes(decoder, b"", final=True):
        return Encoding("utf-8", guessed=False)
    return _by_frequency(bytes(sample))


def named(name: str) -> Encoding:
    """Return the encoding a person named.

    Raises
    ------
    UnreadableFileError
        When Python knows no such encoding.
    """
    try:
        codec = codecs.lookup(name)
    except LookupError:
        raise UnreadableFileError(f"--encoding {name!r} is not known; try utf-8, gb18030, big5 or cp1252.") from None
    return Encoding("gb18030" if codec.name in ("gbk", "gb2312") else codec.name, guessed=False)


def _by_first_bytes(block: bytes) -> Encoding | None:
    for bom, name in _BOMS:
        if block.startswith(bom):
            return Encoding(name, guessed=False)
    zeros_even, zeros_odd = block[:4096:2].count(0), block[1:4096:2].count(0)
    if max(zeros_even, zeros_odd) * 4 > len(block[:4096]):
        return Encoding("utf-16-be" if zeros_even > zeros_odd else "utf-16-le", guessed=True)
    return None


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _collect(sample: bytearray, block: bytes) -> bytes:
    """Keep the lines of a block that hold more than ASCII while there is room; return its last, unfinished line."""
    whole, _, rest = block.rpartition(b"\n")
    if len(rest) > _BLOCK:
        whole, rest = block, b""
    if len(sample) < _SAMPLE and not whole.isascii():
        sample += b"\n".join(line for line in whole.split(b"\n") if not line.isascii()) + b"\n"
    return rest if len(sample) < _SAMPLE else b""


def _by_frequency(sample: bytes) -> Encoding:
    """Judge bytes that are no clean UTF-8."""
    valid, invalid = _utf8_characters(sample)
    if valid >= 20 * max(invalid, 1):
        return Encoding("utf-8", guessed=True, odd_bytes=invalid)
    needed = 0.4 if _share_in_runs(sample) >= 0.8 else 0.8
    shares = (("gb18030", _share_gb2312(sample)), ("big5hkscs", _share_big5(sample)))
    for name, likely in sorted(shares, key=lambda pair: -pair[1]):
        odd = _odd_bytes(sample, name)
        if likely >= needed and odd * 100 <= len(sample):
            return Encoding(name, guessed=True, odd_bytes=odd)
    return Encoding("cp1252", guessed=True, odd_bytes=_odd_bytes(sample, "cp1252"))


def _utf8_characters(sample: bytes) -> tuple[int, int]:
    text = sample.decode("utf-8", errors="replace")
    invalid = text.count("\ufffd")
    return sum(character > "\x7f" for character in text) - invalid, invalid


def _share_gb2312(sample: bytes) -> float:
    """Return the share of double bytes among GB 2312's symbols and its common characters."""
    return _share(sample, lambda lead, trail: trail >= 0xA1 and (0xA1 <= lead <= 0xA3 or 0xB0 <= lead <= 0xD7))


def _share_big5(sample: bytes) -> float:
    """Return the share of double bytes among Big5's symbols and its 5401 common characters."""
    return _share(sample, lambda lead, trail: 0xA1 <= lead <= 0xC6)


def _share(sample: bytes, common: Callable[[int, int], bool]) -> float:
    pieces = _DOUBLE.findall(sample)
    likely = sum(len(piece) == 2 and common(piece[0], piece[1]) for piece in pieces)
    return likely / len(pieces) if pieces else 0.0


def _share_in_runs(sample: bytes) -> float:
    """Return the share of double bytes that stand beside another: Chinese words do, accented letters do not."""
    pieces = len(_DOUBLE.findall(sample))
    return sum(len(run) // 2 for run in _RUN.findall(sample)) / pieces if pieces else 0.0


def _odd_bytes(sample: bytes, name: str) -> int:
    return sample.decode(name, errors="replace").count("\ufffd")


def lines_of(path: Path, encoding: Encoding) -> Iterator[str]:
    """Give the lines of a text file with their ends, odd bytes as '\ufffd'."""
    with path.open(encoding=encoding.name, errors="replace", newline="") as stream:
        yield from stream
