"""Versions of what readers see: writers append changes, a coalescer bumps the version of the layer."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from geo.model.declarative import Base, Key, Stamp


class LayerChange(Base):
    """Something in a layer changed; visible with the change itself, swallowed by the next bump.

    `building_ids` are the buildings that it concerns; without them it concerns everything.
    """

    __tablename__ = "layer_changes"
    id: Mapped[Key]
    layer: Mapped[str]
    changed_at: Mapped[Stamp]
    building_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))


class StateChange(Base):
    """What a version of the state changed `since` the one before: some buildings or, without them, everything."""

    __tablename__ = "state_changes"
    version: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    since: Mapped[int] = mapped_column(BigInteger)
    building_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))


class LayerVersion(Base):
    """The version of a layer that readers ask for; part of every tile's and state file's address.

    Of the state it is known by which rule it was made: `stale_days` without a word leave a unit out of searches.
    """

    __tablename__ = "layer_versions"
    layer: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, server_default="1")
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    file_sha256: Mapped[str | None]
    stale_days: Mapped[int] = mapped_column(server_default="0")
