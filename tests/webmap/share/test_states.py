"""What links keep: the same code reads it that reads addresses, and what older versions kept opens as it did."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import BadParameterError
from geo.looking_back import Moment
from geo.matching import parse, to_query
from tests.webmap.test_map_address import states as map_states
from webmap import cluster_questions, map_address
from webmap.config import Settings
from webmap.locale import LANGUAGES
from webmap.moments import read_instant
from webmap.share.states import LINK, PAGES, LinkState, of_address, read_state

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


CODES = st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=8, max_size=8)
NOTES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30)
NAIVE = st.datetimes(datetime(2000, 1, 1), datetime(2026, 1, 1))
MOMENTS = st.builds(Moment, st.dates(date(2000, 1, 1), date(2026, 1, 1)), NAIVE.map(lambda it: it.replace(tzinfo=UTC)))


def queried(**values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Some of these parameters, in this order."""
    said = st.fixed_dictionaries({}, optional=values)
    pairs = said.map(lambda found: [(name, found[name]) for name in values if name in found])
    return pairs.map(lambda found: urlencode(found, safe=",", quote_via=quote))


def of_clusters(page: str, **values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Some of these parameters, with what is usual beside them."""
    return queried(**values).map(lambda query: PAGES[page].tidy(parse_qsl(query)))


LISTS = st.lists(CODES, min_size=1, max_size=4, unique=True).map(",".join)
AMOUNTS = st.integers(1, 9999).map(str)
QUERIES = {
    "map": map_states().map(lambda state: map_address.to_query(replace(state, known_at=""))),
    "building": queried(sort=st.sampled_from(["-area", "rent"]), colour=st.sampled_from(["age"]), find=NOTES),
    "unit": queried(colour=st.sampled_from(["industry"]), find=NOTES),
    "area": queried(sort=st.sampled_from(["name", "-rate"])),
    "compare": queried(u=LISTS, b=LISTS, only=st.just("differences")),
    "shortlist": queried(u=LISTS, **{"n.x7k2m9qd": NOTES}),
    "indicators": queried(area=CODES),
    "indicator": queried(area=CODES),
    "cockpit": queried(area=CODES),
    "clusters": of_clusters("clusters", industry=st.sampled_from(["it", "67"]), cell_m=AMOUNTS, q=st.just("0.1")),
    "side_by_side": of_clusters(
        "side_by_side", industry=st.just("it"), other=st.just("67"), since=st.just("2026-01-31"), by=st.just("area")
    ),
    "leading": of_clusters("leading", unit=st.just("building"), by=st.sampled_from(["area", "tax"])),
    "together": of_clusters("together", area=CODES, level=st.just("section"), cell_m=AMOUNTS, q=st.just("0.1")),
    "months": of_clusters("months", months=AMOUNTS, industry=st.just("it"), rings=st.just("0")),
    "chains": queried(level=st.just("division"), metres=AMOUNTS, area=CODES, pair=st.just("65-66")),
    "match": queried(area=AMOUNTS, rent_max=AMOUNTS, metro_m=st.integers(10, 3000).map(str)).map(
        lambda query: to_query(parse(dict(parse_qsl(query))))
    ),
}


@st.composite
def link_states(draw: st.DrawFn) -> LinkState:
    page = draw(st.sampled_from(sorted(PAGES)))
    codes = st.sampled_from(["occupancy_rate", "residents"]) if page == "indicator" else CODES
    code = draw(codes) if "<code>" in PAGES[page].path else ""
    return LinkState(page, draw(st.sampled_from(LANGUAGES)).tag, code, draw(QUERIES[page]))


@settings(max_examples=300, deadline=None)
@given(link_states(), st.none() | MOMENTS)
def test_a_link_to_any_page_restores_it_at_its_moment(state: LinkState, moment: Moment | None) -> None:
    assert read_state(json.loads(json.dumps(state.as_json()))) == state
    opened = state.address_through("bbbcccddd", moment)
    asked = parse_qs(urlsplit(opened).query)
    assert asked[LINK] == ["bbbcccddd"]
    again = of_address(opened)
    if moment is None:
        assert again == state
        return
    days = (asked[PAGES[state.page].day], asked["known_at"])
    there = Settings(data=Path(), secret_key="of this test alone, forty letters in length")
    assert [len(each) for each in days] == [1, 1]
    assert Moment(date.fromisoformat(days[0][0]), read_instant(days[1][0], there)) == moment
    assert again.address_through("bbbcccddd", moment) == opened
    if state.page != "map":
        assert again == state


def test_a_sent_page_of_clusters_says_the_usual_too_and_so_outlives_a_change_of_it() -> None:
    sent = dict(parse_qsl(of_address("/clusters?industry=it&by=area&least=20").query))
    assert (sent["industry"], sent["by"], sent["least"]) == ("it", "area", "20")
    usual = dict(parse_qsl(cluster_questions.whole_query(cluster_questions.USUAL)))
    assert {name: sent[name] for name in ("cell_m", "q", "least_quotient")} == {
        name: usual[name] for name in ("cell_m", "q", "least_quotient")
    }
