"""Accounts, their roles, their sessions and the attempts to sign in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from geo.model import Base
from geo.model.declarative import Key, Stamp, refers

ROLES = (
    "administrator",
    "staff",
    "manager",
    "owner",
    "chief",
    "promoter",
    "planner",
    "tax_officer",
    "evaluator",
)
_ROLE_LIST = ", ".join(f"'{role}'" for role in ROLES)


class User(Base):
    """A person who signs in; the name is what he or she types, unique without regard to case."""

    __tablename__ = "users"
    __table_args__ = (Index("uq_users_name", text("lower(name)"), unique=True),)
    id: Mapped[Key]
    name: Mapped[str]
    full_name: Mapped[str | None]
    email: Mapped[str | None]
    password_hash: Mapped[str]
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    password_changed_at: Mapped[Stamp]
    created_at: Mapped[Stamp]
    roles: Mapped[list["UserRole"]] = relationship(back_populates="user", lazy="selectin", cascade="all, delete-orphan")


class UserRole(Base):
    """What a user may do, everywhere or only in one area or one building."""

    __tablename__ = "user_roles"
    __table_args__ = (
        CheckConstraint(f"role IN ({_ROLE_LIST})", name="role"),
        CheckConstraint("area_id IS NULL OR building_id IS NULL", name="one_scope"),
        Index(
            "uq_user_roles_scope",
            "user_id",
            "role",
            "area_id",
            "building_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )
    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(refers("users.id", cascade=True))
    role: Mapped[str]
    area_id: Mapped[int | None] = mapped_column(refers("areas.id", cascade=True), index=True)
    building_id: Mapped[int | None] = mapped_column(refers("buildings.id", cascade=True), index=True)
    granted_at: Mapped[Stamp]
    user: Mapped[User] = relationship(back_populates="roles")


class UserSession(Base):
    """One signed-in browser; only the SHA-256 of its random token is kept, so that the table opens no door."""

    __tablename__ = "sessions"
    id: Mapped[Key]
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_id: Mapped[int] = mapped_column(refers("users.id", cascade=True), index=True)
    address: Mapped[str | None]
    browser: Mapped[str | None]
    created_at: Mapped[Stamp]
    seen_at: Mapped[Stamp]
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class Attempt(Base):
    """A failed try to sign in, counted per account name and per address."""

    __tablename__ = "attempts"
    __table_args__ = (
        Index(None, "account", "attempted_at"),
        Index(None, "address", "attempted_at"),
    )
    id: Mapped[Key]
    account: Mapped[str]
    address: Mapped[str]
    attempted_at: Mapped[Stamp]
