"""What an offline file of a link holds: the same buildings and units, opened at the same place, of the same moment."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.conditions import shown
from geo.exports.offline import Asking
from geo.filters import Filters
from geo.model import Building, Unit
from geo.stamps import stale_before
from geo.taxonomy import map_groups
from webmap import map_address
from webmap.carried.asked import Carried, Pick, View
from webmap.config import current_settings
from webmap.db import public_session
from webmap.looking_back import day_shown, look_back, look_back_to, moment_shown
from webmap.map_address import MapState
from webmap.match_schemas import MatchItem
from webmap.matching import MOST, found_matches, read_query
from webmap.numbers import number
from webmap.picked.selection import Selection as Chosen
from webmap.picked.selection import parse
from webmap.share.models import ShortLink
from webmap.share.selection_models import Selection
from webmap.share.selection_page import Line, load_page
from webmap.share.states import LinkState
from webmap.share.subjects import kind_of, subject_of
from webmap.walking import located

AROUND_DEGREES = 0.0045
"""Of the city around a single building or a few, about 500 m."""

MOST_BUILDINGS = 10
"""Buildings of a comparison, far more than its page takes."""


def carried_by(state: LinkState, link: ShortLink | None = None, *, most: int) -> Carried:
    """What the file of a page holds, in the language of the request, at the moment that its link is frozen to.

    Without such a link it is that of the moment that the request looks back to, or of today.

    Raises
    ------
    BadParameterError
        Something in the address is not understood, or the moment lies before the record.
    NotFoundError
        There is nothing of it any more.
    """
    if link and link.moment:
        look_back_to(link.moment)
    made = _PAGES[state.page](state, most)
    name = link.name if link else subject_of(public_session(), state).title
    return replace(made, moment=moment_shown(), title=name, path=f"/s/{link.token}" if link else state.address)


def carried_selection(made: Selection, *, most: int, with_words: bool) -> Carried:
    """What the file of a private selection holds; without its words only what everybody may see of its units."""
    page = load_page(made)
    places = _places(public_session(), (line.entry.code for line in page.lines))
    picks = [_line(line, places, with_words) for line in page.lines]
    asking = _of_picks(most, picks)
    heading = gettext("为您选的房源")
    if not with_words:
        return Carried(asking, title=heading, heading=heading, picks=tuple(picks), is_locked=True)
    words = {"title": made.link.name, "greeting": made.greeting, "sender": made.sender}
    return Carried(asking, **words, heading=heading, picks=tuple(picks), path=f"/s/{made.link.token}")


def _asking(most: int) -> Asking:
    """Everything, on the day that the request is about."""
    day = day_shown()
    return Asking(Filters(), day, stale_before=stale_before(day, current_settings().stale_days), most=most)


def _of_map(state: LinkState, most: int) -> Carried:
    shown_there = map_address.parse(state.query)
    if moment_shown() is None and (shown_there.date or shown_there.known_at):
        day = f"{shown_there.date}" if shown_there.date else ""
        look_back({"as_of": day, "known_at": shown_there.known_at})
    asking = replace(_asking(most), filters=located(shown_there.filters), near=_middle(shown_there))
    view = View(shown_there.at, shown_there.view == "2d" or shown_there.pitch == 0, shown_there.b)
    return Carried(asking, view=view)


def _of_clusters(state: LinkState, most: int) -> Carried:
    """The buildings in which somebody of the industry sits, where the map can ask for it."""
    industry = dict(parse_qsl(state.query)).get("industry", "finance")
    known = {group.code for group in map_groups()}
    return Carried(replace(_asking(most), filters=Filters(industry=(industry,) if industry in known else ())))


def _of_chains(state: LinkState, most: int) -> Carried:
    """The buildings of the area that was asked about, or all."""
    area = dict(parse_qsl(state.query)).get("area", "")
    return Carried(replace(_asking(most), filters=Filters(within=(area,) if area else ())))


def _middle(shown_there: MapState) -> tuple[float, float] | None:
    """Where the camera stands: of too many buildings those around are carried."""
    return (shown_there.at[1], shown_there.at[0]) if shown_there.at else None


def _of_building(state: LinkState, most: int) -> Carried:
    return Carried(_named(_asking(most), [state.code]), view=View(building=state.code))


def _of_unit(state: LinkState, most: int) -> Carried:
    building = _places(public_session(), [state.code]).get(state.code, "")
    return Carried(_named(_asking(most), [building]), view=View(building=building, unit=state.code))


def _of_area(state: LinkState, most: int) -> Carried:
    return Carried(replace(_asking(most), filters=Filters(within=(state.code,))))


def _of_comparison(state: LinkState, most: int) -> Carried:
    asked = parse_qsl(state.query)
    units, buildings = (
        list(dict.fromkeys(code for key, value in asked if key == name for code in value.split(",") if code))
        for name in ("u", "b")
    )
    picks = [*_picks(Chosen(tuple(units))), *(Pick(code) for code in buildings[:MOST_BUILDINGS])]
    return _with_picks(state, most, picks)


def _of_shortlist(state: LinkState, most: int) -> Carried:
    return _with_picks(state, most, _picks(parse(parse_qsl(state.query))))


def _of_match(state: LinkState, most: int) -> Carried:
    asked, _ = read_query(dict(parse_qsl(state.query)))
    found = found_matches(asked, limit=MOST).items
    places = _places(public_session(), (each.unit.code for item in found for each in item.units))
    return _with_picks(state, most, [_match(item, places) for item in found])


def _with_picks(state: LinkState, most: int, picks: Sequence[Pick]) -> Carried:
    return Carried(_of_picks(most, picks), heading=kind_of(state.page), picks=tuple(picks))


def _of_picks(most: int, picks: Sequence[Pick]) -> Asking:
    return _named(_asking(most), [pick.building for pick in picks])


def _named(asking: Asking, codes: Sequence[str]) -> Asking:
    """The same for named buildings alone; where none is there any more, for one that nobody has."""
    wanted = tuple(dict.fromkeys(filter(None, codes)))
    return replace(asking, codes=wanted or ("-",), margin_degrees=AROUND_DEGREES)


def _picks(chosen: Chosen) -> list[Pick]:
    places = _places(public_session(), chosen.codes)
    return [Pick(places.get(code, ""), (code,), chosen.notes.get(code, "")) for code in chosen.codes]


def _line(line: Line, places: Mapping[str, str], with_words: bool) -> Pick:
    entry = line.entry
    pick = Pick(entry.code) if entry.house else Pick(places.get(entry.code, ""), (entry.code,))
    if not with_words:
        return pick
    scores = [_score(line.match.score)] if line.match and not line.match.failed else []
    return replace(pick, note=entry.note, said=(*(change.text for change in line.changes), *scores))


def _match(item: MatchItem, places: Mapping[str, str]) -> Pick:
    units = tuple(each.unit.code for each in item.units)
    return Pick(places.get(units[0], ""), units, said=(_score(item.score),))


def _score(score: float) -> str:
    return gettext("得分 %(n)s，满分 100", n=number(score, 1))


def _places(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Code of a unit → code of its building, where everybody may see both."""
    chosen = select(Unit.code, Building.code).join(Building, Building.id == Unit.building_id)
    rows = session.execute(chosen.where(Unit.code.in_(list(codes)), *shown(Unit, False), *shown(Building, False)))
    return {row[0]: row[1] for row in rows}


_PAGES: Mapping[str, Callable[[LinkState, int], Carried]] = {
    "map": _of_map,
    "building": _of_building,
    "unit": _of_unit,
    "area": _of_area,
    "compare": _of_comparison,
    "shortlist": _of_shortlist,
    "match": _of_match,
    "clusters": _of_clusters,
    "chains": _of_chains,
    "together": _of_chains,
    "leading": _of_chains,
    "side_by_side": _of_clusters,
    "months": _of_clusters,
}
