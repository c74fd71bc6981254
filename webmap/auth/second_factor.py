"""The second factor: codes of a telephone (TOTP, RFC 6238), and words to write down for when it is lost.

The secret that telephone and site share is made from a random number of the account and the site's secret; neither
alone gives it, and it is nowhere stored. With another `LOUMAP_SECRET_KEY` everybody has to set it up anew.
"""

import base64
import hmac
import secrets
from datetime import UTC, datetime

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from geo.errors import LouMapError
from geo.model.declarative import new_code
from webmap.auth.models import RecoveryCode, User
from webmap.auth.tokens import digest

NEEDED_BY = frozenset({"administrator", "tax_officer"})
"""Roles that count only with a second factor, where the site asks for one (`LOUMAP_SECOND_FACTOR=required`)."""

RECOVERY_CODES, RECOVERY_LENGTH = 10, 16
STEPS_OFF = 1
"""How many steps of 30 s the clock of a telephone may be off."""


class WrongCodeError(LouMapError):
    """The code is wrong or has been used already."""


def is_needed(user: User) -> bool:
    """Whether a role of the user is one that is to have a second factor."""
    return any(held.role in NEEDED_BY for held in user.roles)


def new_nonce() -> bytes:
    """The random number of a factor that is being set up."""
    return secrets.token_bytes(20)


def secret_of(user: User, nonce: bytes, site_secret: str) -> str:
    """What the telephone keeps, in base32."""
    said = b"second factor %d " % user.id + nonce
    return base64.b32encode(hmac.digest(site_secret.encode(), said, "sha1")).decode()


def uri_of(user: User, nonce: bytes, site_secret: str, site_name: str) -> str:
    """The otpauth address that a telephone reads from a QR code."""
    totp = pyotp.TOTP(secret_of(user, nonce, site_secret))
    return str(totp.provisioning_uri(name=user.name, issuer_name=site_name.replace(":", " ")))


def set_up(session: Session, user: User, nonce: bytes, site_secret: str, code: str) -> list[str]:
    """Begin to ask for a factor, once its owner has shown a code of it; gives the recovery codes.

    Raises
    ------
    WrongCodeError
        The code is not one of the new factor.
    """
    user.factor_step = _step_of(secret_of(user, nonce, site_secret), code)
    user.factor_nonce, user.factor_since = nonce, datetime.now(UTC)
    return renew_recovery(session, user)


def prove(session: Session, user: User, site_secret: str, code: str) -> None:
    """Take a code of the user's factor, or a recovery code; each is taken once.

    Raises
    ------
    WrongCodeError
        It is neither, or was used already.
    """
    session.flush()
    session.refresh(user, with_for_update=True)
    if user.factor_nonce is None:
        raise WrongCodeError
    try:
        step = _step_of(secret_of(user, user.factor_nonce, site_secret), code)
    except WrongCodeError:
        _use_recovery(session, user, code)
        return
    if user.factor_step is not None and step <= user.factor_step:
        raise WrongCodeError
    user.factor_step = step


def remove(session: Session, user: User) -> None:
    """Ask for no second factor any more."""
    user.factor_nonce = user.factor_since = user.factor_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def renew_recovery(session: Session, user: User) -> list[str]:
    """New recovery codes in place of the old; they are shown once."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [new_code(RECOVERY_LENGTH) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user.id, code_sha256=digest(code)) for code in codes)
    session.flush()
    return ["-".join(code[place : place + 4] for place in range(0, RECOVERY_LENGTH, 4)) for code in codes]


def codes_left(session: Session, user: User) -> int:
    """How many recovery codes have not been used."""
    unused = select(func.count(RecoveryCode.id)).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return session.scalar(unused) or 0


def _step_of(secret: str, code: str) -> int:
    """The time step that a code belongs to."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 6):
        raise WrongCodeError
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(digits, valid_window=STEPS_OFF)
    except OTPVerificationError:
        raise WrongCodeError from None


def _use_recovery(session: Session, user: User, code: str) -> None:
    typed = "".join(sign for sign in code.lower() if sign.isalnum())
    mine = select(RecoveryCode).where(RecoveryCode.user_id == user.id, RecoveryCode.code_sha256 == digest(typed))
    found = session.scalar(mine.where(RecoveryCode.used_at.is_(None)).with_for_update())
    if found is None:
        raise WrongCodeError
    found.used_at = datetime.now(UTC)
