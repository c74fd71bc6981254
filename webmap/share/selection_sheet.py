"""A private selection as a workbook: the sheets of a list, with scores and what has changed since it was sent."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from webmap.picked import workbook
from webmap.picked.columns import Column
from webmap.picked.filling import Found, House
from webmap.share.addresses import address_of, site
from webmap.share.selection_page import Line, SelectionPage


def write(page: SelectionPage) -> bytes:
    """The workbook in the language of the request."""
    link, lines = page.made.link, page.lines
    more = [_column(gettext("得分"), {each.entry.code: _score(each) for each in lines}, 9, "0.0")] if page.asked else []
    if page.changed:
        more.append(_column(gettext("发出后的变化"), {each.entry.code: _changes(each) for each in lines}, 34))
    return workbook.write(page.filled, site(), address_of(link), link.name, more)


def _column(heading: str, told: Mapping[str, Any], width: int, form: str | None = None) -> Column:
    def say(each: Found | House) -> Any:
        return told.get(each.unit.code if isinstance(each, Found) else each.building.code)

    return Column(heading, say, width, form, say)


def _score(line: Line) -> float | str | None:
    if line.match is None:
        return None
    return gettext("不合必须的条件") if line.match.failed else line.match.score


def _changes(line: Line) -> str | None:
    return gettext("；").join(change.text for change in line.changes) or None
