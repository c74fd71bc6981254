"""Data of a copy as gzip, which browsers unpack themselves, whatever the server makes of the file's name."""

import json
from typing import Any

from isal import igzip

_QUALITY = 3


def packed(value: Any) -> bytes:
    """A value as compressed JSON, the same bytes for the same value."""
    return compressed(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def compressed(data: bytes) -> bytes:
    """Bytes as gzip."""
    return igzip.compress(data, _QUALITY, mtime=0)
