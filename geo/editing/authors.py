"""In whose name people of the site say something of dated facts: one source, and their account."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geo.history import Author
from geo.model import Source
from geo.model.declarative import new_code

STAFF_SOURCE = "工作人员更正"
"""The name of the source that stands for what staff say; it is public, as what they correct is."""


def author_of(session: Session, user_id: int | None) -> Author:
    """The author that an account is; the source is made where it is not there yet."""
    chosen = select(Source.id).where(Source.name == STAFF_SOURCE)
    found = session.scalar(chosen)
    if found is None:
        values = {"code": new_code(), "name": STAFF_SOURCE, "name_en": "Corrections by staff", "secrecy": "public"}
        session.execute(insert(Source).values(publishable=True, **values).on_conflict_do_nothing())
        found = session.scalars(chosen).one()
    return Author(found, user_id)
