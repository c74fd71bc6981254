"""The one command of a new user, before anything is installed."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from launcher.commands import COMMANDS
from launcher.packages import (
    Missing,
    missing_database,
    missing_for_paper,
    missing_python,
    what_to_type,
    without_starting,
)
from launcher.postgres import find_servers
from launcher.progress import SetupError, run
from launcher.project import fingerprint, is_stamped

PROJECT = Path(__file__).parents[1]


def loumap(*arguments: str, project: Path = PROJECT, path: str | None = None) -> subprocess.CompletedProcess[str]:
    env = {"HOME": str(project), "PATH": path or os.defpath, "LANG": "C.UTF-8"}
    command = [sys.executable, str(project / "loumap"), *arguments]
    return subprocess.run(command, cwd="/", env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def fresh_clone(tmp_path: Path) -> Path:
    """A checkout in which nothing was set up yet."""
    for name in ("launcher", "requirements"):
        shutil.copytree(PROJECT / name, tmp_path / "clone" / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "loumap", tmp_path / "clone" / "loumap")
    return tmp_path / "clone"


def install_server(root: Path, version: int, *, control: bool = True, scripts: bool = True) -> None:
    """Lay out the files of a server as the packages do."""
    programs = root / "lib" / "postgresql" / str(version) / "bin"
    extensions = root / "share" / "postgresql" / str(version) / "extension"
    programs.mkdir(parents=True)
    extensions.mkdir(parents=True)
    (programs / "initdb").touch()
    if control:
        (extensions / "postgis.control").touch()
    if scripts:
        (extensions / "postgis--3.3.2.sql").touch()


def test_alone_it_lists_the_commands_without_any_set_up(fresh_clone: Path) -> None:
    shown = loumap(project=fresh_clone)
    assert shown.returncode == 0
    for name in ("setup", "demo", "sample", "serve", "work", "test", "import", "export", "migrate", "user", "doctor"):
        assert f"\n  {name} " in shown.stdout
    assert not (fresh_clone / ".venv").exists()


def test_a_misspelt_command_gets_the_list_and_fails() -> None:
    shown = loumap("demmo")
    assert shown.returncode == 2
    assert "'demmo'" in shown.stderr
    assert "  demo " in shown.stderr


def test_doctor_says_what_to_do_before_anything_is_set_up(fresh_clone: Path) -> None:
    shown = loumap("doctor", project=fresh_clone)
    assert shown.returncode == 1
    assert "MISSING Python packages: ./loumap demo installs them" in shown.stdout


def test_help_of_a_command_sets_nothing_up(fresh_clone: Path) -> None:
    shown = loumap("import", "--help", project=fresh_clone)
    assert COMMANDS["import"].does in shown.stdout
    assert not (fresh_clone / ".venv").exists()


def test_it_is_written_for_the_python_of_older_systems() -> None:
    for file in [PROJECT / "loumap", *(PROJECT / "launcher").glob("*.py")]:
        source = file.read_text()
        ast.parse(source, feature_version=(3, 9))
        modules = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
        names = {n.module or "" if isinstance(n, ast.ImportFrom) else n.names[0].name for n in modules}
        assert {name.partition(".")[0] for name in names} <= {*sys.stdlib_module_names, "launcher"}


def test_the_newest_server_with_postgis_is_taken(tmp_path: Path) -> None:
    install_server(tmp_path, 13)
    install_server(tmp_path, 15)
    install_server(tmp_path, 16)
    install_server(tmp_path, 17, control=False)
    assert [server.version for server in find_servers(tmp_path)] == [16, 15, 17]
    assert missing_database(find_servers(tmp_path)) == []


def test_postgis_is_asked_for_by_the_version_of_the_server_that_is_there(tmp_path: Path) -> None:
    install_server(tmp_path, 16, scripts=False)
    [missing] = missing_database(find_servers(tmp_path))
    assert missing.packages == ("postgresql-16-postgis-3", "postgresql-16-postgis-3-scripts")


def test_an_old_server_is_no_server(tmp_path: Path) -> None:
    install_server(tmp_path, 14)
    [missing] = missing_database(find_servers(tmp_path))
    assert "PostgreSQL 15 or newer" in missing.what
    assert missing.packages[0] == "postgresql"


def test_the_line_to_type_names_every_missing_package(tmp_path: Path) -> None:
    missing = [*missing_database([]), *missing_for_paper(fonts=tmp_path)]
    message = what_to_type(missing)
    for package in ("postgresql", "postgresql-postgis", "postgresql-postgis-scripts", "fonts-noto-cjk"):
        assert f" {package}" in message
    assert "PostgreSQL 15 or newer with PostGIS" in message


def test_a_program_that_tests_need_is_not_left_running_as_a_service(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    asked = without_starting(["sh", "-c", f"{policy} nginx start; echo $?"], [], policy)
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout == "101\n"
    assert not policy.exists()
    assert subprocess.run(without_starting(["false"], [], policy), check=False).returncode == 1
    assert not policy.exists()
    assert "systemctl disable --now nginx" in what_to_type([Missing("nginx", ("nginx",))])


def test_the_administrator_decides_which_services_start(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 104\n")
    policy.chmod(0o755)
    asked = without_starting(["sh", "-c", f"{policy} nginx start; echo $?"], [], policy)
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout == "104\n"
    assert policy.exists()


def test_a_python_without_ensurepip_is_noticed(tmp_path: Path) -> None:
    assert missing_python(sys.executable) == []
    (tmp_path / "python3.11").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "python3.11").chmod(0o755)
    assert missing_python(str(tmp_path / "python3.11"))[0].packages == ("python3.11-venv",)


def test_work_is_done_again_when_a_source_changes(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "map.js").write_text("one")
    stamp = tmp_path / "stamp"
    assert not is_stamped(stamp, fingerprint([tmp_path / "src"]))
    stamp.write_text(fingerprint([tmp_path / "src"]))
    assert is_stamped(stamp, fingerprint([tmp_path / "src"]))
    (tmp_path / "src" / "map.js").write_text("two")
    assert not is_stamped(stamp, fingerprint([tmp_path / "src"]))
    (tmp_path / "src" / "map.js").write_text("one")
    (tmp_path / "src" / "more.js").write_text("")
    assert not is_stamped(stamp, fingerprint([tmp_path / "src"]))


def test_a_failing_program_is_shown_with_its_last_words() -> None:
    with pytest.raises(SetupError, match=r"(?s)no such thing.*exit 3"):
        run(["sh", "-c", "echo no such thing >&2; exit 3"])
