"""Links that only one person knows: whoever has the code and the key made from it is that person.

Nothing is stored to open such a link, so nothing is left of it when the thing itself is erased.
"""

import hmac

LENGTH = 32


def key_of(kind: str, code: str, secret: str) -> str:
    """The key of the thing of a kind ('inquiry', 'alert') with this code; `secret` is that of the site."""
    return hmac.new(secret.encode(), f"{kind} {code}".encode(), "sha256").hexdigest()[:LENGTH]


def opens(key: str, kind: str, code: str, secret: str) -> bool:
    """Whether a key is that of a thing; takes as long for a wrong one as for the right one."""
    return hmac.compare_digest(key_of(kind, code, secret).encode(), key.encode())
