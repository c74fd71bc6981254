"""A private selection as slides for a meeting: title, map, one slide for each item, a comparison, and whom to ask.

Texts are texts and tables are tables, to be changed before the meeting; plans and the map are pictures.
"""

import io
from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext, ngettext

from geo.exports.svg_stack import draw_stack, height_for
from webmap import cards, match_wording
from webmap.config import current_settings
from webmap.names import attribution, hant
from webmap.numbers import day, day_of, number
from webmap.picked import headline, wording
from webmap.picked.filling import Entry, House
from webmap.place_pictures import occupancy_legend
from webmap.share.addresses import address_of
from webmap.share.selection_page import Line, SelectionPage, photo_of
from webmap.share.slide_deck import ACCENT, DANGER, INK, MUTED, PALE, WHITE, Deck, Slide

ROWS, MOST_FREE = 9, 8
"""Items on one slide of the comparison, units to let on the slide of a building."""

STACK_PX, QR_PX = (300, 380), 8


def write(page: SelectionPage, picture: bytes, done: Callable[[int], None]) -> bytes:
    """The slides as PPTX; `picture` is the map, `done` is told the number of each item that is finished."""
    made, url = page.made, address_of(page.made.link)
    deck = Deck(made.link.name, hant(current_settings().site_name))
    _title(deck, page, url)
    if picture:
        slide = deck.slide(gettext("位置"), _foot(page))
        slide.picture(picture, (0.5, 1.15, 12.33, 5.6), gettext("各处在地图上的位置，编号与下表相同"), fill=True)
    for place, line in enumerate(page.lines, 1):
        if line.entry.thing:
            _item(deck, page, line)
        done(place)
    for start in range(0, len(page.lines), ROWS):
        _table(deck, page, page.lines[start : start + ROWS])
    _contact(deck, page, url)
    written = io.BytesIO()
    deck.save(written)
    return written.getvalue()


def _foot(page: SelectionPage) -> str:
    invented = any(source.invented for source in page.filled.sources)
    said = [
        gettext("截至 %(day)s", day=day(page.filled.today)),
        gettext("示例数据，均为虚构") if invented else "",
        gettext("面积、租金为来源所报，未经本站测量；以合同为准。"),
        _review(),
    ]
    return " · ".join(each for each in said if each)


def _review() -> str:
    number_ = current_settings().map_review_number
    return gettext("审图号：%(number)s", number=number_) if number_ else ""


def _title(deck: Deck, page: SelectionPage, url: str) -> None:
    made = page.made
    slide = deck.cover(made.link.name)
    count = ngettext("%(num)s 处房源", "%(num)s 处房源", len(page.lines))
    slide.text(f"{count} · {gettext('截至 %(day)s', day=day(page.filled.today))}", (0.9, 3.15, 8.2, 0.5), 20, PALE)
    if made.greeting:
        slide.text(made.greeting, (0.9, 3.9, 8.2, 1.9), 16, WHITE)
    if made.sender:
        slide.text(made.sender, (0.9, 6.1, 8.2, 0.6), 18, WHITE, bold=True)
    _code(slide, url, (10.1, 2.6))


def _code(slide: Slide, url: str, at: tuple[float, float]) -> None:
    slide.box((at[0] - 0.15, at[1] - 0.15, 2.5, 2.5), WHITE)
    slide.picture(_png(cards.qr_file(url), 4.0), (*at, 2.2, 2.2), gettext("二维码：%(url)s", url=url))


def _item(deck: Deck, page: SelectionPage, line: Line) -> None:
    entry, thing = line.entry, line.entry.thing
    assert thing is not None  # who asks has looked
    slide = deck.slide(f"{entry.number}. {wording.title_of(entry)}", wording.stamp(entry, page.filled.today))
    under = [wording.address_of(thing.building), *(change.text for change in line.changes)]
    slide.text(" · ".join(filter(None, under)), (0.5, 1.0, 9.5, 0.4), 14, DANGER if line.changes else MUTED)
    if line.match and not line.match.failed:
        slide.text(f"{number(line.match.score, 0)}/100", (10.3, 0.35, 2.5, 0.6), 28, ACCENT, bold=True, right=True)
    _pictures(slide, line)
    for place, (name, value) in enumerate(headline.keys(entry)):
        at = 4.6 + 2.08 * place
        slide.text(name, (at, 1.5, 2.05, 0.3), 12, MUTED)
        slide.text(value, (at, 1.78, 2.05, 0.65), 18 if len(value) < 12 else 14, INK, bold=True)
    top = 2.55
    if entry.note:
        slide.box((4.6, top, 8.23, 0.62), PALE)
        slide.text(entry.note, (4.72, top + 0.06, 8.0, 0.5), 15, ACCENT)
        top += 0.75
    if entry.house:
        _house(slide, entry.house, line, top)
    else:
        slide.pairs(_unit_rows(line), (4.6, top, 8.23, 6.7 - top))


def _pictures(slide: Slide, line: Line) -> None:
    """The photo above the plan, or the plan alone."""
    title = gettext("%(name)s 的楼层剖面", name=wording.title_of(line.entry))
    photo, top = photo_of(line), 1.5
    if photo:
        slide.picture(photo, (0.5, top, 3.8, 2.3), line.pictures[0].alt, fill=True)
        top += 2.45
    slide.picture(_stack(line.entry, title), (0.5, top, 3.8, 6.35 - top), title)
    slide.legend(occupancy_legend()[1], (0.4, 6.45, 4.2, 0.35))


def _stack(entry: Entry, title: str) -> bytes:
    assert entry.thing is not None
    plan, mark = entry.thing.plan, [entry.found.unit.id] if entry.found else []
    wide, most = STACK_PX
    return _png(draw_stack(plan, title=title, width=wide, height=height_for(plan, most), mark=mark), 2.5)


def _png(svg: str, times: float) -> bytes:
    return cards.raster(svg, times)


def _unit_rows(line: Line) -> list[tuple[str, str]]:
    found = line.entry.found
    if found is None:
        return []
    costs = wording.costs(found) if found.on_market else []
    return [*wording.facts(found), *costs, *wording.ways(found)[:4], *_unfit(line)]


def _unfit(line: Line) -> list[tuple[str, str]]:
    """The musts that an item fails, if it does."""
    if not line.match or not line.match.failed:
        return []
    names = gettext("、").join(match_wording.criterion_name(part.name) for part in line.match.failed)
    return [(gettext("不合必须的条件"), names)]


def _house(slide: Slide, house: House, line: Line, top: float) -> None:
    """Facts of a building, and beside them the largest units that are to let in it."""
    facts = [*wording.house_facts(house), *_unfit(line)]
    slide.pairs(facts, (4.6, top, 4.3, 6.7 - top), columns=1)
    if not house.free:
        return
    heads = [gettext("单元"), gettext("面积"), gettext("租金"), gettext("可租时间")]
    units = [[unit.label, *headline.of_free(unit)] for unit in house.free[:MOST_FREE]]
    slide.table([heads, *units], (9.0, top), [0.8, 0.9, 1.2, 1.05], high=0.33, points=10)
    if len(house.free) > MOST_FREE:
        said = gettext("另有 %(n)s 个单元，见楼宇页。", n=len(house.free) - MOST_FREE)
        slide.text(said, (9.0, top + 0.35 * (MOST_FREE + 1), 3.8, 0.3), 10, MUTED)


def _table(deck: Deck, page: SelectionPage, lines: Sequence[Line]) -> None:
    slide = deck.slide(gettext("比较"), _foot(page))
    heads = [gettext("序号"), gettext("房源"), gettext("面积"), gettext("楼层"), gettext("租金")]
    heads += [gettext("三年平均每月"), gettext("地铁站"), *([gettext("得分")] if page.asked else [])]
    widths = [0.7, 3.3, 1.4, 1.9, 2.1, 1.6, 1.33]
    if page.asked:
        widths = [0.7, 2.9, 1.4, 1.8, 2.0, 1.5, 1.2, 0.83]
    slide.table([heads, *(_cells(line, asked=page.asked) for line in lines)], (0.5, 1.25), widths)


def _cells(line: Line, *, asked: bool) -> list[str]:
    entry = line.entry
    metro = entry.thing.nearest.get("metro") if entry.thing else None
    cells = list(headline.cells(entry)) or [gettext("已不在册"), "", "", ""]
    score = number(line.match.score, 0) if line.match and not line.match.failed else "—"
    near = wording.way(metro) if metro else "—"
    return [f"{entry.number}", wording.title_of(entry), *cells, near, *([score] if asked else [])]


def _contact(deck: Deck, page: SelectionPage, url: str) -> None:
    slide = deck.slide(gettext("联系和说明"), _foot(page))
    if page.made.sender:
        slide.text(page.made.sender, (0.5, 1.3, 8.8, 0.6), 22, INK, bold=True)
    slide.text(f"{gettext('扫码看最新')}：{url}", (0.5, 2.0, 8.8, 0.4), 14, ACCENT, link=url)
    _code(slide, url, (10.3, 1.3))
    sources: list[Any] = list(page.filled.sources)
    told = [f"{attribution(each)}{f' · {day(each.dated_on)}' if each.dated_on else ''}" for each in sources]
    said = [gettext("数据来源"), *told, "", *wording.how_counted(), _sent(page)]
    slide.text("\n".join(said), (0.5, 2.7, 9.0, 3.8), 13, MUTED)


def _sent(page: SelectionPage) -> str:
    return gettext("%(day)s 发出", day=day_of(page.made.sent_at))
