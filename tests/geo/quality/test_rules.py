"""An office weighs fields as it wants, and is told what of its file is not understood."""

from pathlib import Path

import pytest

from geo.errors import BadQualityRulesError
from geo.quality.reading import COLUMNS
from geo.quality.rules import REASONS, read_rules
from geo.taxonomy import building_facts


def own(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, "utf-8")
    return path


def test_every_field_has_its_group_and_every_reason_its_urgency() -> None:
    rules = read_rules()
    groups = {group.code for group in rules.groups}
    assert {field.group for field in rules.fields} == groups
    assert set(rules.urgency) == set(REASONS)
    assert set(COLUMNS) <= {field.code for field in rules.fields}


def test_what_tenants_ask_of_a_building_should_be_known() -> None:
    codes = {field.code for field in read_rules().fields}
    assert {fact.code for fact in building_facts() if fact.asked} <= codes


def test_an_office_sets_weights_and_days_and_keeps_the_others(tmp_path: Path) -> None:
    rules = read_rules(own(tmp_path, "[days]\nfresh = 14\n[weights]\ngrade = 5\n[urgency]\nlate = 3\n"))
    usual = read_rules()
    assert rules.fresh == 14
    assert rules.unsaid == usual.unsaid
    assert rules.fields[rules.place_of("grade")].weight == 5
    assert rules.fields[rules.place_of("height_m")] == usual.fields[usual.place_of("height_m")]
    assert rules.urgency == {**usual.urgency, "late": 3}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[days]\nfrehs = 14", "days.frehs is not known; allowed: fresh, unsaid"),
        ("[weights]\ncolour = 1", "weights.colour is not known"),
        ("[weights]\ngrade = 'much'", "'much' is not a number"),
        ("[weights]\ngrade = -1", "is not a number from 0"),
        ("[days]\nfresh = true", "True is not a number"),
        ("[fields]\ngrade = 1", "[fields] is not known; allowed: days, limits, urgency, weights"),
        ("fresh = 14", "[fresh] is not known"),
        ("[days", "is not a TOML file"),
    ],
)
def test_what_cannot_be_understood_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadQualityRulesError) as told:
        read_rules(own(tmp_path, text))
    assert said in str(told.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadQualityRulesError, match="cannot be read"):
        read_rules(tmp_path / "none.toml")


def test_visitors_are_told_nothing_of_tenants() -> None:
    assert "tenant" not in {field.code for field in read_rules().for_visitors().fields}
