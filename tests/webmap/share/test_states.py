"""What links keep: the same code reads it that reads addresses, and what older versions kept opens as it did."""

import json
from pathlib import Path

import pytest

from geo.errors import BadParameterError
from webmap.share.states import LinkState, of_address, read_state

KEPT = [
    entry
    for file in sorted((Path(__file__).parents[2] / "files" / "link_states").glob("v*.json"))
    for entry in json.loads(file.read_text("utf-8"))
]


@pytest.mark.parametrize("entry", KEPT, ids=lambda entry: entry["opens"])
def test_links_of_every_version_open_what_they_opened(entry: dict) -> None:
    state = read_state(entry["state"])
    assert state.address == entry["opens"]
    assert of_address(state.address) == state
    assert read_state(state.as_json()) == state


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("/?utm_source=chat&area_min=500.0&s=bbbcccddd", "/?area_min=500"),
        ("/en/b/x7k2m9qd?as_of=2026-01-01&colour=age&fbclid=1", "/en/b/x7k2m9qd?colour=age"),
        ("/?view=2d&pitch=40", "/?view=2d"),
        ("/?at=31.2300001,121.47,16.500&bearing=-20.4", "/?at=31.23000,121.47000,16.5&bearing=-20"),
        ("/match?area=800&metro_m=640", "/match?area=800&metro_minutes=8"),
    ],
)
def test_one_state_has_one_address(sent: str, kept: str) -> None:
    assert of_address(sent).address == kept


@pytest.mark.parametrize(
    "address",
    ["/?grade=platinum", "/?at=north", "/?floor=ninth", "/?date=2026-13-01", "/?sort=luck", "/?b=../x", "/?pitch=1e9",
     "/?at=nan,nan,nan", "/?bearing=infinity", "/match?area=big", f"/compare?u={'x' * 2000}",
     "/?" + "&".join(f"x{i}=1" for i in range(300))],
)  # fmt: skip
def test_what_was_tampered_with_is_named(address: str) -> None:
    with pytest.raises(BadParameterError, match="allowed:"):
        of_address(address)


def test_a_state_speaks_the_language_it_was_sent_in() -> None:
    assert of_address("/zh-hant/u/x7k2m9qd") == LinkState("unit", "zh-Hant", "x7k2m9qd")
