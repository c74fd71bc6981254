"""The commands an operator types."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import PASSWORD, create_user
from tests.postgres import CloneMaker
from webmap.auth.models import User, UserSession
from webmap.auth.operations import sign_in
from webmap.cli import main
from webmap.database_logins import APP, LOGINS, OWNER, PUBLIC
from webmap.db import Database
from webmap.embedded import EmbeddedPostgres
from webmap.errors import SignInRefusedError

ROOT = Path(__file__).parents[2]
Run = Callable[..., Result]


def _environ(server: EmbeddedPostgres, database: str, home: Path) -> dict[str, str]:
    names = dict(zip(LOGINS, ("_OWNER", "", "_PUBLIC", "_JOBS"), strict=True))
    urls = {f"LOUMAP_DATABASE_URL{tail}": server.dsn(login, database) for login, tail in names.items()}
    return {**urls, "LOUMAP_DATA": str(home)}


@pytest.fixture
def environ(clones: CloneMaker, clone: str, tmp_path: Path) -> dict[str, str]:
    return _environ(clones.server, clone, tmp_path / "home")


@pytest.fixture
def run(environ: dict[str, str]) -> Run:
    def run(*arguments: str, typed: str = "", **more: str) -> Result:
        return CliRunner().invoke(main, arguments, input=typed, env={**environ, **more})

    return run


@pytest.fixture
def accounts(live_database: Database) -> Iterator[Session]:
    with live_database.new_session() as session:
        yield session


def test_an_account_that_is_added_can_sign_in(run: Run, accounts: Session) -> None:
    assert run("user", "add", "Wang", "--role", "administrator", typed=f"{PASSWORD}\n").exit_code == 0
    user, _ = sign_in(accounts, "wang", PASSWORD, None, None)
    assert [held.role for held in user.roles] == ["administrator"]
    assert "Wang: administrator" in run("user", "list").output


def test_a_made_up_password_is_shown_once_and_works(run: Run, accounts: Session) -> None:
    password = run("user", "add", "Li", "--random").output.strip().rpartition(" ")[2]
    assert sign_in(accounts, "Li", password, None, None)


def test_a_new_password_ends_open_sessions(run: Run, accounts: Session) -> None:
    create_user(accounts, name="Li")
    sign_in(accounts, "Li", PASSWORD, None, None)
    accounts.commit()
    assert run("user", "password", "li", typed="four new unrelated words\n").exit_code == 0
    accounts.expire_all()
    assert accounts.scalars(select(UserSession.revoked_at)).one() is not None
    with pytest.raises(SignInRefusedError):
        sign_in(accounts, "Li", PASSWORD, None, None)


def test_a_disabled_account_is_listed_as_such(run: Run, accounts: Session) -> None:
    create_user(accounts, name="Li")
    accounts.commit()
    run("user", "disable", "Li")
    assert "Li: no role (disabled)" in run("user", "list").output


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("user", "add", "Wang"), "short\n", "Error: A password has 12 to 256 characters"),
        (("user", "password", "nobody"), "", "Error: There is no account 'nobody'; ./loumap user list"),
        (("user", "add", "Wang", "--role", "king"), "", "'king' is not one of 'administrator'"),
        (("migrate", "down"), "", "Say down to which revision"),
        (("nonsense",), "", "No such command 'nonsense'"),
    ],
)
def test_a_mistake_is_answered_in_words(run: Run, arguments: tuple[str, ...], typed: str, said: str) -> None:
    answer = run(*arguments, typed=typed)
    assert answer.exit_code != 0
    assert said in answer.output
    assert "Traceback" not in answer.output


def test_nothing_is_kept_of_a_refused_account(run: Run, accounts: Session) -> None:
    run("user", "add", "Wang", typed="short\n")
    assert accounts.scalars(select(User)).all() == []


def test_an_empty_database_is_migrated_by_its_owner(embedded: EmbeddedPostgres, tmp_path: Path) -> None:
    embedded.create_database("fresh")
    environ = _environ(embedded, "fresh", tmp_path)
    runner = CliRunner()
    assert runner.invoke(main, ["migrate", "status"], env=environ).exit_code == 1
    refused = runner.invoke(main, ["user", "list"], env=environ)
    assert "run ./loumap migrate" in refused.output
    assert runner.invoke(main, ["migrate"], env=environ).exit_code == 0
    assert runner.invoke(main, ["user", "list"], env=environ).exit_code == 0
    assert "at nothing" in runner.invoke(main, ["migrate", "down", "base"], env=environ).output
    embedded.drop_database("fresh")


def test_doctor_finds_a_good_installation_well(run: Run) -> None:
    answer = run("doctor")
    problems = [line for line in answer.output.splitlines() if line.startswith("PROBLEM") and "disk" not in line]
    assert problems == []
    assert "PostGIS 3." in answer.output
    assert "login public: no more rights" in answer.output


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("LOUMAP_TIMEZONE", "Shanghai", "LOUMAP_TIMEZONE is not a time zone; give one such as Asia/Shanghai"),
        ("LOUMAP_TIMEZNOE", "Asia/Shanghai", "LOUMAP_TIMEZNOE is not a setting"),
    ],
)
def test_doctor_names_a_wrong_setting_with_the_remedy(run: Run, variable: str, value: str, said: str) -> None:
    answer = run("doctor", **{variable: value})
    assert answer.exit_code == 1
    assert said in answer.output


def test_doctor_notices_a_server_that_runs_as_the_owner(run: Run, clones: CloneMaker, clone: str) -> None:
    owner = clones.server.dsn(OWNER, clone)
    answer = run("doctor", LOUMAP_DATABASE_URL=owner, LOUMAP_DATABASE_URL_PUBLIC=clones.server.dsn(APP, clone))
    assert answer.exit_code == 1
    assert answer.output.count("PROBLEM login") == 2
    assert "PROBLEM login" not in run("doctor", LOUMAP_DATABASE_URL_PUBLIC=clones.server.dsn(PUBLIC, clone)).output


def test_doctor_notices_a_database_that_does_not_answer(run: Run) -> None:
    answer = run("doctor", LOUMAP_DATABASE_URL_OWNER="postgresql://nobody@/none?host=/nowhere")
    assert answer.exit_code == 1
    assert "PROBLEM database: it does not answer" in answer.output


def test_the_server_answers_with_several_workers_and_stops_when_asked(environ: dict[str, str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "webmap.cli", "serve", "--port", str(port), "--workers", "2"]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environ}) as server:
        assert _answer(f"http://127.0.0.1:{port}/readyz") == b'{"ready":true}\n'
        taken = subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, capture_output=True, text=True)
        assert taken.returncode == 1
        assert str(port) in taken.stderr
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0


def _answer(address: str, patience_s: float = 30) -> bytes:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                content: bytes = answer.read()
                return content
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_a_database_that_does_not_answer_is_said_in_a_line_without_its_password(run: Run) -> None:
    nowhere = "postgresql://someone:ThePassword@127.0.0.1:1/nothing"
    addresses = dict.fromkeys(("LOUMAP_DATABASE_URL", "LOUMAP_DATABASE_URL_OWNER"), nowhere)
    for command in (["migrate"], ["work", "--once"]):
        result = run(*command, **addresses)
        assert result.exit_code == 1
        assert "The database does not answer; check LOUMAP_DATABASE_URL" in result.output
        assert "ThePassword" not in result.output


def test_an_ordinary_login_is_told_what_the_administrator_has_to_type(run: Run, clones: CloneMaker) -> None:
    with clones.server._superuser() as connection:
        connection.execute("CREATE ROLE ordinary LOGIN")
        connection.execute("CREATE DATABASE bare OWNER ordinary TEMPLATE template0")
    try:
        result = run("migrate", LOUMAP_DATABASE_URL_OWNER=clones.server.dsn("ordinary", "bare"))
        assert result.exit_code == 1
        assert "as a superuser in the database bare:\n  CREATE EXTENSION postgis;" in result.output
        assert result.output.startswith("Error: ")
    finally:
        clones.server.drop_database("bare")
        with clones.server._superuser() as connection:
            connection.execute("DROP ROLE ordinary")


def test_the_invented_city_is_made_once_and_never_beside_other_buildings(run: Run) -> None:
    assert run("sample", "--buildings", "120").exit_code == 0
    again = run("sample", "--buildings", "120")
    assert again.exit_code == 1
    assert "There are buildings already" in again.output
