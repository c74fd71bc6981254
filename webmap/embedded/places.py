"""Where the data of this checkout lies, and where the database listens."""

import hashlib
import os
import pwd
from collections.abc import Mapping
from pathlib import Path

from geo.errors import DatabaseServerError

CHECKOUT = Path(__file__).resolve().parents[2]
# A unix socket's path has 107 bytes; PostgreSQL appends this name to the folder.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432")


def data_home(environ: Mapping[str, str] = os.environ, checkout: Path = CHECKOUT, uid: int | None = None) -> Path:
    """Give the folder of everything this checkout stores.

    `LOUMAP_DATA` when set; otherwise a folder of the checkout's own, under `/var/lib/loumap` for root (PostgreSQL
    refuses to run as root and its account cannot enter root's home) and under `$XDG_DATA_HOME` for others.
    """
    if chosen := environ.get("LOUMAP_DATA"):
        return Path(chosen).expanduser().absolute()
    name = _short_hash(checkout)
    if (os.geteuid() if uid is None else uid) == 0:
        return Path("/var/lib/loumap") / name
    home = environ.get("XDG_DATA_HOME") or Path(environ.get("HOME") or "~").expanduser() / ".local" / "share"
    return Path(home) / "loumap" / name


def server_account(folder: Path) -> str | None:
    """Give the account that PostgreSQL must run as, or None for our own.

    Only root must change: to the owner of an existing folder, else to `postgres`, which the Debian packages create.
    """
    if os.geteuid() != 0:
        return None
    owner = folder.stat().st_uid if folder.exists() else 0
    try:
        return pwd.getpwuid(owner).pw_name if owner else pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise DatabaseServerError(
            "PostgreSQL does not run as root and there is no account 'postgres'; install the PostgreSQL packages "
            "(./loumap doctor names them) or start LouMap as an ordinary user."
        ) from None


def make_private(folder: Path, account: str | None) -> None:
    """Make a folder that only the account (or we) may enter.

    Missing parents are made as well; when the account is not ours they may be passed through, but not listed.

    Raises
    ------
    DatabaseServerError
        The folder, or a link in its place, was made by somebody else, as anybody can in /tmp.
    """
    for missing in reversed([parent for parent in folder.parents if not parent.exists()]):
        missing.mkdir(exist_ok=True)
        missing.chmod(0o711 if account else 0o700)
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = pwd.getpwnam(account).pw_uid if account else os.geteuid()
    if folder.lstat().st_uid == os.geteuid() and not folder.is_symlink():
        os.chown(folder, owner, -1)
    if folder.lstat().st_uid != owner or folder.is_symlink() or not folder.is_dir():
        remedy = "move it away, or set LOUMAP_DATA to another folder"
        raise DatabaseServerError(f"The folder {folder} is not ours; {remedy}.")
    folder.chmod(0o700)


def socket_folder(folder: Path) -> Path:
    """Give the folder of the database's socket: inside `folder`, or a short private one when that path is too long."""
    inside = folder / "run"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
        return inside
    return Path("/run" if os.geteuid() == 0 else "/tmp") / f"loumap-{os.geteuid()}-{_short_hash(folder)}"


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]
