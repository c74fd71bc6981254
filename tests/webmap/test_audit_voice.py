"""The audit says who was signed in, which form was sent and from where; commands say who they are."""

import os
import subprocess
import sys
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.audit import AuditEntry
from geo.db import engine as make_engine
from tests.factories import PASSWORD, create_user
from tests.postgres import CloneMaker
from tests.web import post_form, sign_in
from webmap.database_logins import APP
from webmap.db import Database

ROOT = Path(__file__).parents[2]


def test_a_form_is_noted_with_who_sent_it(live_app: Flask, live_database: Database) -> None:
    with live_database.new_session() as session, session.begin():
        user_id = create_user(session, "administrator", name="li").id
    client = live_app.test_client()
    sign_in(client, "li")
    changed = {"old": PASSWORD, "new": "another horse battery staple", "again": "another horse battery staple"}
    assert post_form(client, "/account", "/account/password", **changed).status_code == 302
    with live_database.new_session() as session:
        (begun,) = session.scalars(select(AuditEntry).where(AuditEntry.table_name == "sessions"))
        assert (begun.via, begun.address, begun.action) == ("POST /login", "127.0.0.1", "insert")
        changed = select(AuditEntry).where(AuditEntry.table_name == "users", AuditEntry.action == "update")
        (entry,) = session.scalars(changed)
        assert (entry.user_id, entry.via) == (user_id, "POST /account/password")


def test_a_command_is_noted_with_its_name(clones: CloneMaker, clone: str, tmp_path: Path) -> None:
    environ = {
        **os.environ,
        "LOUMAP_DATABASE_URL": str(clones.server.dsn(APP, clone)),
        "LOUMAP_DATA": str(tmp_path),
        "LOUMAP_DATABASE_URL_OWNER": str(clones.server.dsn(database=clone)),
    }
    command = [sys.executable, "-m", "webmap.cli", "user", "add", "wang", "--role", "staff", "--random"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    engine = make_engine(clones.server.dsn(APP, clone))
    with Session(engine) as session:
        (added,) = session.scalars(select(AuditEntry).where(AuditEntry.table_name == "users"))
        assert added.via.startswith("loumap user (")
    engine.dispose()
