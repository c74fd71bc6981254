"""The documents name everything there is: settings, commands, filters, addresses; and what they name exists."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask

from geo.filters import Filters
from launcher.commands import COMMANDS
from webmap.config import variables

ROOT = Path(__file__).parents[1]
FOLDERS = "geo|webmap|launcher|static/src|templates|tests|data|bench|docs|deploy"
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("bench/*.md"), *ROOT.glob("data/*.md")]


def written(*names: str) -> str:
    return "\n".join((ROOT / name).read_text("utf-8") for name in names)


def test_every_setting_stands_in_the_operators_guide() -> None:
    guide = written("docs/operations.md")
    assert [name for name in variables() if f"`{name}`" not in guide] == []


def test_every_command_stands_in_the_operators_guide() -> None:
    guide = written("docs/operations.md", "docs/import.md")
    assert [command for command in COMMANDS if f"./loumap {command}" not in guide] == []


def test_every_filter_stands_in_the_guide_for_gis_people() -> None:
    guide = written("docs/gis.md")
    assert [field.name for field in fields(Filters) if f"`{field.name}`" not in guide] == []


def test_every_address_for_programs_stands_in_the_guide_for_gis_people(app: Flask) -> None:
    guide = written("docs/gis.md")
    paths = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    names = {path.split("/")[3].split(".")[0] for path in paths}
    assert [name for name in sorted(names) if f"/{name}" not in guide] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_between_documents_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_document_names_is_there(page: Path) -> None:
    named = re.findall(
        r"`((?:geo|webmap|launcher|static/src|tests|data|bench|docs|deploy)/[\w/.-]+)`", page.read_text("utf-8")
    )
    assert [name for name in named if not (ROOT / name).exists()] == []
