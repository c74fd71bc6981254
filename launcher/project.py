"""The places and files of this checkout that the set-up reads and writes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OWN_FOLDER = ROOT / ".loumap"  # log and lock of the set-up; ignored by git


def fingerprint(paths: Iterable[Path], *words: str) -> str:
    """Give a hash over the names and contents of files (folders: everything in them) and over `words`."""
    digest = hashlib.sha256(repr(words).encode())
    for path in paths:
        for file in sorted(f for f in path.rglob("*") if f.is_file()) if path.is_dir() else [path]:
            content = file.read_bytes() if file.exists() else b""
            digest.update(f"{file}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def is_stamped(stamp: Path, value: str) -> bool:
    """Say whether the work that `stamp` speaks of was done for just this fingerprint."""
    return stamp.exists() and stamp.read_text() == value
