"""The walls between the parts of the house stand."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_no_part_imports_what_lies_above_or_beside_it() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_request_and_session_objects_stay_at_the_border() -> None:
    """Below the routes nobody knows that there is a request."""
    below = [*ROOT.glob("webmap/*/operations.py"), *ROOT.glob("webmap/*/models.py"), *ROOT.glob("geo/**/*.py")]
    assert len(below) > 50
    for path in below:
        text = path.read_text("utf-8")
        for name in ("request", "g", "session", "current_app"):
            assert f"from flask import {name}\n" not in text, path


def test_routes_of_every_capability_stay_short() -> None:
    """A route reads, asks for the right, calls one function and answers; anything longer is an operation."""
    for path in ROOT.glob("webmap/*/routes.py"):
        assert len(path.read_text("utf-8").splitlines()) < 300, path


def test_files_are_short_enough_to_be_read_in_one_go() -> None:
    files = [*ROOT.glob("geo/**/*.py"), *ROOT.glob("webmap/**/*.py"), *ROOT.glob("launcher/*.py")]
    too_long = {
        str(path.relative_to(ROOT)): n for path in files if (n := len(path.read_text("utf-8").splitlines())) > 300
    }
    assert too_long == {}
