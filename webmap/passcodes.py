"""Short secrets that people tell each other, such as the passcode of a private link: argon2 hashes, few tries.

A passcode is shorter than a password, so that what keeps guessers out is the counting of tries; `hash_of` keeps a copy
of the database from giving it away.
"""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 4, 40
_hasher = PasswordHasher()


def hash_of(passcode: str) -> str:
    """The hash to store, with its own salt and parameters."""
    return _hasher.hash(passcode)


def is_right(passcode: str, stored: str) -> bool:
    """Whether a passcode belongs to a stored hash."""
    try:
        return len(passcode) <= LONGEST and _hasher.verify(stored, passcode)
    except (InvalidHashError, VerificationError):
        return False
