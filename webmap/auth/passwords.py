"""Passwords: argon2id hashes that take the same time for accounts that do not exist."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webmap.errors import WeakPasswordError

SHORTEST = 12
LONGEST = 256
_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The hash to store, with its own salt and parameters (RFC 9106, second choice: 64 MiB, 3 passes)."""
    return _hasher.hash(password)


def is_right(password: str, stored: str | None) -> bool:
    """Whether a password belongs to a stored hash; without a hash it takes as long and says no."""
    if len(password) > LONGEST:
        return False
    try:
        return _hasher.verify(stored or _hash_of_nobody(), password) and stored is not None
    except (InvalidHashError, VerificationError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def check_strength(password: str, *, unlike: str) -> None:
    """Refuse a password that is easily guessed.

    Raises
    ------
    WeakPasswordError
        Too short or too long, the account's name `unlike`, or fewer than five different characters.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPasswordError(f"A password has {SHORTEST} to {LONGEST} characters; this one has {len(password)}.")
    if unlike.casefold() in password.casefold() or len(set(password)) < 5:
        raise WeakPasswordError("The password is too easy to guess; take several words that do not belong together.")


@cache
def _hash_of_nobody() -> str:
    return _hasher.hash("nobody has this password")
