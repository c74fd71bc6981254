"""The units for systemd are well-formed and give the services no more than they need."""

import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = sorted((Path(__file__).parents[2] / "deploy").glob("*.service"))
MOST_EXPOSED = 2.0
"""Of ten, as `systemd-analyze security` counts; a unit that says nothing has 9.6."""


@pytest.fixture(scope="module", autouse=True)
def systemd() -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not here")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_understood(unit: Path, tmp_path: Path) -> None:
    copies = [tmp_path / found.name for found in UNITS]
    for found, copy in zip(UNITS, copies, strict=True):
        copy.write_text(found.read_text().replace("/opt/loumap/loumap ", "/bin/true ").replace("/opt/loumap/docs", "/"))
    said = subprocess.run(["systemd-analyze", "verify", tmp_path / unit.name], capture_output=True, text=True)
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_service_is_shut_in(unit: Path) -> None:
    threshold = f"--threshold={MOST_EXPOSED * 10:.0f}"
    said = subprocess.run(["systemd-analyze", "security", "--offline=true", threshold, unit], capture_output=True)
    assert said.returncode == 0, said.stdout.decode()
