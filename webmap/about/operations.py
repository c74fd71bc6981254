"""What the pages about the data look up."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from geo.disclosure import public_fields
from geo.model import Source


def public_sources(session: Session) -> Sequence[Source]:
    """Every source that may be published, the newest first."""
    columns = load_only(*(getattr(Source, name) for name in sorted(public_fields("sources"))), raiseload=True)
    chosen = select(Source).options(columns).where(Source.publishable)
    return session.scalars(chosen.order_by(Source.dated_on.desc().nulls_last(), Source.id)).all()
