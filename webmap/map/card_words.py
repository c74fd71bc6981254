"""What is written on the picture of a map: what is to let where, under which conditions, as of when."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext, ngettext

from geo.exports.svg_card import Words
from geo.filter_words import in_words
from geo.state_search import Search, Table
from webmap import cards, numbers
from webmap.config import current_settings
from webmap.locale import ENGLISH, language
from webmap.map.scene import Scene
from webmap.map_address import MapState
from webmap.names import hant, label


def words(
    scene: Scene,
    state: MapState,
    market: Search,
    matching: Any,
    areas: Sequence[Any],
    legend: tuple[str, list[tuple[str, str]]],
) -> Words:
    """What is written: `market` are the units that can be taken, `matching` says which buildings count."""
    bare = not len(market.table.unit_ids)  # nothing is followed floor by floor
    counted = matching if bare else matching & (market.area_per_building > 0)
    area, units = float(market.area_per_building[counted].sum()), int(market.units_per_building[counted].sum())
    buildings = int(counted.sum())
    asked = [hant(phrase) for phrase in in_words(replace(state.filters, within=(), shape=None), language().tag)]
    to_let = ngettext("%(num)s 幢楼宇有可租房源", "%(num)s 幢楼宇有可租房源", buildings)
    where = gettext("、").join(label(row) for row in areas)
    row = row_of(market.table, state.b)
    name = name_in(market.table, row) if row is not None else ""
    said = [f"{gettext('可租')} {numbers.area(area)}", ngettext("%(num)s 个单元", "%(num)s 个单元", units), *asked]
    return cards.words(
        name or (gettext("%(where)s：%(what)s", where=where, what=to_let) if where else to_let),
        " · ".join(said),
        detail=" · ".join(asked) or gettext("逐层查看空置，每条信息注明来源和日期"),
        sources=scene.credited,
        as_of=state.date or current_settings().today(),
        figures=[
            (gettext("楼宇"), numbers.number(buildings)),
            (gettext("可租面积"), numbers.area(area)),
            (gettext("可租单元"), numbers.number(units)),
        ],
        legend=legend,
    )


def row_of(table: Table, code: str) -> int | None:
    """The row of a building by its code."""
    codes = table.columns.texts("buildings", "code")
    return next((row for row in range(len(codes)) if codes[row] == code), None) if code else None


def name_in(table: Table, row: int) -> str:
    """The name of the building of a row in the reader's language."""
    name, english = (table.columns.texts("buildings", column)[row] for column in ("name", "name_en"))
    return (english or name) if language() is ENGLISH else hant(name)
