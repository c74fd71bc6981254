"""Finds out which system packages are missing and installs them, or says what to type."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launcher.postgres import OLDEST_VERSION, Server, find_servers
from launcher.progress import SetupError, run, step

_CLUSTER_SETTINGS = "/etc/postgresql-common/createcluster.conf"
# We start a server of our own: Debian need not make one and run it beside. A file that is there is an administrator's.
_NO_MAIN_CLUSTER = (
    f"test -e {_CLUSTER_SETTINGS} || {{ mkdir -p /etc/postgresql-common && "
    f"echo 'create_main_cluster = false' > {_CLUSTER_SETTINGS}; }}"
)

_POLICY = Path("/usr/sbin/policy-rc.d")
_SERVICES = ("nginx",)
"""Packages that would start a service; tests start such programs themselves, on ports of their own."""


_FOR_TEXT = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
"""Libraries that WeasyPrint opens, and the Debian packages they are in."""


@dataclass(frozen=True)
class Missing:
    """Something that programs of the system must provide, and the Debian packages that do."""

    what: str
    packages: tuple[str, ...]


def missing_database(servers: list[Server]) -> list[Missing]:
    """Say what is missing for a PostGIS server of our own."""
    if any(server.has_postgis for server in servers):
        return []
    if servers:
        version = servers[0].version
        scripts = f"postgresql-{version}-postgis-3-scripts"
        return [Missing(f"PostGIS for PostgreSQL {version}", (f"postgresql-{version}-postgis-3", scripts))]
    what = f"PostgreSQL {OLDEST_VERSION} or newer with PostGIS"
    return [Missing(what, ("postgresql", "postgresql-postgis", "postgresql-postgis-scripts"))]


def missing_python(python: str) -> list[Missing]:
    """Say what is missing to make a virtual environment: Debian ships `ensurepip` apart."""
    check = [python, "-c", "import ensurepip, venv"]
    if not subprocess.run(check, capture_output=True, check=False).returncode:
        return []
    name = Path(python).name
    return [Missing("virtual environments for Python", (f"{name}-venv" if "." in name else "python3-venv",))]


def missing_for_paper(fonts: Path = Path("/usr/share/fonts")) -> list[Missing]:
    """Say what is missing to write PDF: the libraries that set text, and Chinese letters."""
    found = [
        Missing(f"{library}, which sets the text of a PDF", (package,))
        for library, package in _FOR_TEXT.items()
        if not _has_library(library)
    ]
    if not any(fonts.rglob("NotoSansCJK*")):
        found.append(Missing("Chinese fonts", ("fonts-noto-cjk",)))
    return found


def missing_for_tests() -> list[Missing]:
    """Say what is missing for the tests in a browser, behind a web server and of what is printed."""
    found = []
    if not shutil.which("chromium"):
        found.append(Missing("Chromium", ("chromium",)))
    if not shutil.which("pdftotext"):
        found.append(Missing("a reader of PDF", ("poppler-utils",)))
    if not _has_library("libatomic.so.1"):
        found.append(Missing("libatomic, which Playwright's own Node.js needs", ("libatomic1",)))
    if not (shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")):
        found.append(Missing("nginx", ("nginx",)))
    return found


def _has_library(name: str) -> bool:
    """Whether programs find a shared library of this name."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def install(missing: list[Missing]) -> None:
    """Install what is missing, as root or through a sudo that asks nothing.

    Raises
    ------
    SetupError
        We may not install; the message has the line to type.
    """
    packages = [package for need in missing for package in need.packages]
    may = _privilege()
    if may is None or not shutil.which("apt-get"):
        raise SetupError(what_to_type(missing))
    if "postgresql" in packages:
        run([*may, "sh", "-c", _NO_MAIN_CLUSTER])
    # Another apt at work (a new machine updates itself) is waited for.
    apt = [*may, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=600"]
    with step("List of system packages"):
        run([*apt, "update"])
    add = [*apt, "install", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold"]
    services = [package for package in packages if package in _SERVICES]
    with step(f"System packages: {', '.join(packages)}"):
        if others := [package for package in packages if package not in services]:
            run([*add, *others])
        if services:
            run(without_starting([*add, *services], may))
            if shutil.which("systemctl"):
                run([*may, "systemctl", "--quiet", "disable", *services])


def without_starting(command: list[str], may: list[str], policy: Path = _POLICY) -> list[str]:
    """Give a command that does the same while packages may start no service, as Debian lets `policy-rc.d` decide.

    `may` are the words in front of what only root may run. A policy that is there is an administrator's, and stays.
    """
    script = (
        'test -e "$0" || { trap \'rm -f "$0"\' EXIT; trap "exit 130" INT TERM; '
        'echo "#!/bin/sh\nexit 101" > "$0"; chmod 755 "$0"; }; "$@"'
    )
    return [*may, "sh", "-c", script, str(policy), *command]


def what_to_type(missing: list[Missing]) -> str:
    """Give the message for somebody who may not install: what is missing and the exact line that installs it."""
    packages = " ".join(package for need in missing for package in need.packages)
    names = ", ".join(need.what for need in missing)
    if not shutil.which("apt-get"):
        return f"Missing on this machine: {names}.\nOn Debian these are the packages: {packages}"
    update, install_them = "apt-get update", f"apt-get install -y --no-install-recommends {packages}"
    line = f"sudo {update} && sudo {install_them}" if shutil.which("sudo") else f"su -l -c '{update} && {install_them}'"
    said = f"Missing on this machine: {names}.\nType this line as an administrator, then start again:\n\n  {line}\n"
    stop = [f"  systemctl disable --now {name}\n" for name in packages.split() if name in _SERVICES]
    return said + ("\nOnly the program is needed; as a service it can be stopped:\n\n" + "".join(stop) if stop else "")


def all_missing(python: str | None, *, database: bool, tests: bool) -> list[Missing]:
    """Say what is missing altogether; `python` is None when the virtual environment exists already."""
    found = missing_python(python) if python else []
    found += missing_database(find_servers()) if database else []
    found += missing_for_paper()
    return found + (missing_for_tests() if tests else [])


def _privilege() -> list[str] | None:
    """Give the words to put before a command that only root may run; None when we may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and not subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode:
        return ["sudo", "-n"]
    return None
