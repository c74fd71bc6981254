"""Words of short links: nine signs that can be read out and typed, and never spell anything.

Without vowels and without the signs that are taken for another (0/o, 1/l/i) or for a vowel (3/e, 4/a): 25 signs, 42
bits for a page that everybody may see, 56 for what is meant for one reader.
"""

import secrets

SIGNS = "256789bcdfghjkmnpqrstvwxz"
PAGE_SIGNS, PRIVATE_SIGNS = 9, 12
_GROUP = 3


def new_token(signs: int = PAGE_SIGNS) -> str:
    """A random token; a clash is refused by the database."""
    return "".join(secrets.choice(SIGNS) for _ in range(signs))


def read_token(text: str) -> str:
    """The token of what somebody typed: capitals, blanks and hyphens between the groups do not count."""
    return "".join(sign for sign in text.lower() if sign not in " -_.")[: 2 * PRIVATE_SIGNS]


def spoken(token: str) -> str:
    """A token in groups of three, as it is read out on the telephone."""
    return "-".join(token[start : start + _GROUP] for start in range(0, len(token), _GROUP))
