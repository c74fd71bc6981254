"""Random words that open something once or for a time; the database keeps only their SHA-256."""

import hashlib
import secrets


def new_token() -> str:
    """A random word of 256 bits for an address or a cookie."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()
