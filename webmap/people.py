"""The names of those who corrected something, for pages of staff."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from webmap.auth.models import User


def names_of(session: Session, user_ids: Iterable[int | None]) -> Mapping[int | None, str]:
    """Account → the person's name, or the account's where none is given."""
    wanted = {each for each in user_ids if each is not None}
    found = session.execute(select(User.id, User.full_name, User.name).where(User.id.in_(wanted))) if wanted else ()
    return {ident: full_name or name for ident, full_name, name in found}
