"""税收与亿元楼: tax of the last full year, the tiers of towers with who is next to cross, tax per square metre.

A report for tax officers tells the sums as they are; any other only what was published, where no sum tells of a single
payer. Tiers, ranks and quotients are made of the same sums, so that they tell no more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from geo.indicators.tiers import NEXT, OVER, THOUSANDS, TIERS, count_tiers, standing
from geo.reports.blocks import Block, Cell, Chart, ChartPoint, Table
from geo.reports.document import Figure, Place
from webmap import indicator_words, numbers
from webmap.indicator_tiers import counted_said, rule_said, tier_limits, tier_name
from webmap.reports.telling import Matter, exactly, name_of, paragraph, place_cell, places

EXACT = (
    *("building_tax", "building_tax_local", "building_tax_retained", "tax_per_m2", "tax_source_rate"),
    *("buildings_over_100_million", "buildings_next_to_100_million", "buildings_over_10_million"),
)
PUBLISHED = ("published_tax", "published_tax_per_m2")
COLOURS = ("#14508f", "#26a3d9", "#d49811", "#aeb3b7")
LISTED = 15
LOWEST = 5


@dataclass(frozen=True, slots=True)
class _Sums:
    """The towers with a sum, most first, and which indicators tell it."""

    towers: Sequence[Place]
    tax: str
    per_m2: str

    def of(self, place: Place) -> float:
        return place.values[self.tax] or 0.0


def write(matter: Matter) -> Iterator[Block]:
    """The chapter's blocks."""
    exact = matter.audience == "tax"
    yield paragraph(_counting(matter), gettext("含税收数据，不得外传。") if exact else rule_said())
    sums = _sums(matter, *(("building_tax", "tax_per_m2") if exact else PUBLISHED))
    if not sums.towers:
        yield paragraph(_nothing(exact=exact))
        return
    yield paragraph(*_told(matter, sums, exact=exact))
    yield from _figures(matter, EXACT if exact else PUBLISHED)
    yield _by_tier(sums)
    yield _towers(sums)
    yield from _next(sums)
    yield from _lowest(matter, sums)
    yield paragraph(gettext("税收相同的按楼宇代码排。没有数字的楼宇不排，也不当作零。"), kind="note")


def _sums(matter: Matter, tax: str, per_m2: str) -> _Sums:
    known = [each for each in matter.buildings if each.values.get(tax) is not None]
    return _Sums(sorted(known, key=lambda each: (-(each.values[tax] or 0), each.code)), tax, per_m2)


def _counting(matter: Matter) -> str:
    return gettext(
        "税收是 %(year)s 年全年的（%(counted)s），不用年内累计；档次按全口径全年税收。",
        year=matter.facts.day.year - 1,
        counted=counted_said(),
    )


def _nothing(*, exact: bool) -> str:
    return gettext("这一年没有齐全的楼宇税收。") if exact else gettext("这一年没有公布过楼宇税收。")


def _told(matter: Matter, sums: _Sums, *, exact: bool) -> Iterator[str]:
    """How many towers have a sum and which tiers they are in; of how many it is not known."""
    counts = count_tiers(map(sums.of, sums.towers))
    n = numbers.number(len(sums.towers))
    said = gettext("有全年税收的楼宇 %(n)s 幢", n=n) if exact else gettext("公布了税收的楼宇 %(n)s 幢", n=n)
    yield gettext(
        "%(said)s：亿元楼 %(over)s 幢，准亿元楼 %(next)s 幢，千万元楼 %(thousands)s 幢。",
        said=said,
        over=numbers.number(counts[OVER]),
        next=numbers.number(counts[NEXT]),
        thousands=numbers.number(counts[THOUSANDS]),
    )
    if rest := len(matter.buildings) - len(sums.towers):
        left = numbers.number(rest)
        yield (
            gettext("另有 %(n)s 幢的全年税收不齐或没有录入，不在内。", n=left)
            if exact
            else gettext("另有 %(n)s 幢没有可以公布的税收，不在内。", n=left)
        )


def _figures(matter: Matter, codes: Sequence[str]) -> Iterator[Table]:
    """The indicators of tax with those of the year before."""
    rows = tuple(_figure(found) for code in codes if (found := matter.figure(code)))
    year = matter.facts.day.year - 1
    if rows:
        headings = (
            *(gettext("指标"), gettext("%(year)s 年", year=year), gettext("%(year)s 年", year=year - 1)),
            gettext("变化"),
        )
        yield Table(gettext("税收指标"), headings, (False, True, True, True), rows, (40, 20, 20, 20))


def _figure(found: Figure) -> tuple[Cell, ...]:
    change = None if found.value is None or found.year_ago is None else found.value - found.year_ago
    return (
        Cell(name_of(found.name, found.name_en), None, found.code),
        Cell(exactly(found.value, found.unit), found.value, found.code),
        Cell(exactly(found.year_ago, found.unit), found.year_ago),
        Cell(indicator_words.say_change(change, found.unit), change, judged=indicator_words.judged(change, found)),
    )


def _by_tier(sums: _Sums) -> Chart:
    counts = count_tiers(map(sums.of, sums.towers))
    points = tuple(
        ChartPoint(
            f"{tier_name(tier)}（{tier_limits(tier)}）",
            counts[tier],
            indicator_words.say(counts[tier], "buildings"),
            COLOURS[at],
        )
        for at, tier in enumerate(TIERS)
    )
    return Chart(gettext("楼宇按税收分档"), "bars", "buildings", points, gettext("档次"), gettext("楼宇"))


def _towers(sums: _Sums) -> Table:
    """The towers with most tax, and what each lacks to the highest tier."""
    rows = tuple(
        (Cell(f"{number}", number), place_cell(each), *_standing(sums, each))
        for number, each in enumerate(sums.towers[:LISTED], 1)
    )
    headings = (
        *("#", gettext("楼宇"), gettext("全年税收"), gettext("档次"), gettext("距 1 亿元还差")),
        gettext("每平方米税收"),
    )
    title = gettext("税收最多的 %(n)s 幢", n=len(rows))
    return Table(title, headings, (True, False, True, False, True, True), rows, (5, 24, 23, 13, 17, 18))


def _standing(sums: _Sums, place: Place) -> Iterator[Cell]:
    tax, per_m2 = sums.of(place), place.values.get(sums.per_m2)
    stands = standing(tax)
    yield Cell(exactly(tax, "cny"), tax, sums.tax)
    yield Cell(tier_name(stands.tier))
    yield Cell(indicator_words.say(stands.missing, "cny"), stands.missing)
    yield Cell(exactly(per_m2, "cny_m2"), per_m2, sums.per_m2)


def _next(sums: _Sums) -> Iterator[Table]:
    """Those next to cross, the nearest first."""
    near = [each for each in sums.towers if standing(sums.of(each)).tier == NEXT]
    if near:
        rows = tuple(
            (
                place_cell(each),
                Cell(exactly(sums.of(each), "cny"), sums.of(each), sums.tax),
                Cell(indicator_words.say(standing(sums.of(each)).missing, "cny"), standing(sums.of(each)).missing),
            )
            for each in near
        )
        headings = (gettext("楼宇"), gettext("全年税收"), gettext("距 1 亿元还差"))
        yield Table(gettext("准亿元楼：最接近跨线的"), headings, (False, True, True), rows, (40, 30, 30))


def _lowest(matter: Matter, sums: _Sums) -> Iterator[Table]:
    """The least tax per square metre, where enough are known for a ranking."""
    known = [each for each in sums.towers if each.values.get(sums.per_m2) is not None]
    lowest = sorted(known, key=lambda each: (each.values[sums.per_m2] or 0, each.code))[:LOWEST]
    if len(known) > LOWEST:
        title = gettext("每平方米税收最低的 %(n)s 幢", n=len(lowest))
        yield from places(matter, lowest, (sums.per_m2, sums.tax, "leasable_area"), title, ranked=True)
