"""What a transaction says of itself to the audit: whose it is, by what way and from where.

The triggers that write the audit (`webmap.audit_triggers`) read it; who says nothing is known by the database's login.
"""

from sqlalchemy import Connection, text

from geo.model import AuditEntry

HIDDEN = "•••"
"""Stands in the audit for a value that it must not hold: a secret, or what somebody may have erased."""

__all__ = ["HIDDEN", "AuditEntry", "speak_as"]

_LONGEST = 200


def speak_as(
    connection: Connection,
    *,
    user_id: int | None = None,
    via: str | None = None,
    address: str | None = None,
    run_id: int | None = None,
) -> None:
    """Say whose the connection's present transaction is; what is not given stays as it was said before."""
    said = {"user": user_id, "via": via and via[:_LONGEST], "address": address and address[:_LONGEST], "run": run_id}
    settings = {f"loumap.{name}": str(value) for name, value in said.items() if value is not None}
    if settings:
        calls = ", ".join(f"set_config(:n{index}, :v{index}, true)" for index in range(len(settings)))
        pairs = enumerate(settings.items())
        values = {key: value for i, (name, said) in pairs for key, value in ((f"n{i}", name), (f"v{i}", said))}
        connection.execute(text(f"SELECT {calls}"), values)
