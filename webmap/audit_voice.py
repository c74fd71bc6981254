"""Says of every transaction that changes something for a request whose it is, so that the audit can note it."""

from typing import Any

from flask import Flask, g, has_request_context, request
from sqlalchemy import Connection
from sqlalchemy.orm import Session, SessionTransaction

from geo.audit import speak_as

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def say_request(_session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """Say at the beginning of a transaction what is asked and from where, and by whom where that is known already."""
    if not transaction.nested and _changes_something():
        speak_as(connection, user_id=g.get("known_user_id"), via=_via(), address=request.remote_addr)


def init_app(app: Flask) -> None:
    """Have the transaction that finds out who is signed in hear it. Call after the accounts have been set up."""
    load = app.extensions["loumap_user_loader"]

    def load_and_say() -> Any:
        user = load()
        if user is not None:
            # Kept as a number: asking an expired row for it would need the transaction that is just beginning.
            g.known_user_id = user.id
        if user is not None and _changes_something() and "session" in g:
            speak_as(g.session.connection(), user_id=user.id)
        return user

    app.extensions["loumap_user_loader"] = load_and_say


def _changes_something() -> bool:
    return has_request_context() and request.method not in _READING


def _via() -> str:
    """The method and the rule of the address: the address itself may hold the key of a link."""
    return f"{request.method} {request.url_rule.rule if request.url_rule else '?'}"

