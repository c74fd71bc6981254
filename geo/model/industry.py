"""The operator's full table of industry codes (GB/T 4754), loaded with `import --as taxonomy`."""

from sqlalchemy import CheckConstraint, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from geo.model.declarative import Base


class IndustryCode(Base):
    """One entry of GB/T 4754-2017: section (1), division (2), group (3) or class (4)."""

    __tablename__ = "industry_codes"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 4", name="level"),)
    code: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger)
    section: Mapped[str]
    parent: Mapped[str | None]
    name: Mapped[str]
    name_en: Mapped[str | None]
