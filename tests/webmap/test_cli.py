"""The commands an operator types."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.postgres import CloneMaker
from tests.terminal import Run, environ_of
from webmap.cli import main
from webmap.database_logins import APP, OWNER, PUBLIC
from webmap.embedded import EmbeddedPostgres

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("migrate", "down"), "", "Say down to which revision"),
        (("nonsense",), "", "No such command 'nonsense'"),
    ],
)
def test_a_mistake_is_answered_in_words(run: Run, arguments: tuple[str, ...], typed: str, said: str) -> None:
    answer = run(*arguments, typed=typed)
    assert answer.exit_code != 0
    assert said in answer.output
    assert "Traceback" not in answer.output


def test_an_empty_database_is_migrated_by_its_owner(embedded: EmbeddedPostgres, tmp_path: Path) -> None:
    embedded.create_database("fresh")
    environ = environ_of(embedded, "fresh", tmp_path)
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


def test_doctor_asks_a_site_that_others_reach_to_decide_on_the_second_factor(run: Run) -> None:
    reached = {"LOUMAP_BASE_URL": "https://map.example"}
    assert "PROBLEM second factor: optional: set LOUMAP_SECOND_FACTOR=required" in run("doctor", **reached).output
    assert "PROBLEM second" not in run("doctor", **reached, LOUMAP_SECOND_FACTOR="optional").output
    assert "ok      second factor: required" in run("doctor", **reached, LOUMAP_SECOND_FACTOR="required").output


def test_doctor_warns_of_passwords_in_the_clear_and_of_links_that_lead_nowhere(run: Run) -> None:
    clear = run("doctor", LOUMAP_BASE_URL="http://map.example", LOUMAP_SECOND_FACTOR="required")
    assert "PROBLEM sign-in: passwords cross the net unencrypted" in clear.output
    assert "PROBLEM links in mail: set LOUMAP_BASE_URL" in run("doctor", LOUMAP_SMTP_URL="smtp://localhost").output


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


def test_a_command_leaves_the_name_of_connections_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    for before in (None, "chosen by the operator"):
        monkeypatch.delenv("PGAPPNAME", raising=False)
        if before:
            monkeypatch.setenv("PGAPPNAME", before)
        CliRunner().invoke(main, ["migrate", "--help"])
        assert os.environ.get("PGAPPNAME") == before
