"""Writes the document of a report: measures once, and tells it in Chinese and in English."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from geo.disclosure import Audience, public_fields
from geo.indicators import AreaOutline, Indicator, Part, Record, indicators, read_areas, read_record
from geo.indicators.targets import read_plans
from geo.indicators.taxes import with_published, with_taxes
from geo.looking_back import Moment, driver_of, looking_back
from geo.model import Building
from geo.model import Source as SourceRow
from geo.reports.blocks import Chapter
from geo.reports.days import days_of
from geo.reports.document import Document, Place, Source
from geo.reports.facts import areas_within, building_values, measure_span
from geo.reports.goals import Goal, Measurable, measure_goals
from geo.reports.spans import Span
from webmap import db, locale
from webmap.config import current_settings
from webmap.looking_back import look_back_to
from webmap.names import label
from webmap.reports import drawing
from webmap.reports.chapters import write_chapter
from webmap.reports.gathering import Gathered, gather
from webmap.reports.models import Report
from webmap.reports.telling import Matter

LANGUAGES = (locale.SIMPLIFIED, locale.ENGLISH)
"""What documents are written in; 繁體 is made of the first when it is shown."""

STEPS = 5
PATIENCE = "5min"
"""For a statement that reads the record of a whole city."""

RANKS = (Audience.PUBLIC, Audience.STAFF, Audience.TAX)

Tell = Callable[[int], object]
"""Told how many of `STEPS` are done."""


@dataclass(frozen=True)
class Read:
    """What is known of the moment: the record, all areas, and the one that is told of (None: all buildings)."""

    record: Record
    areas: list[AreaOutline]
    area: AreaOutline | None

    @property
    def part(self) -> Part:
        """The buildings told of."""
        return self.record.part_in(self.area.geom, self.area.id) if self.area else self.record.whole


def write_document(report: Report, tell: Tell) -> Document:
    """The document of a report, as known at its instant; in a request, which looks back from now on."""
    moment, span = Moment(report.as_of, report.known_at), report.of()
    look_back_to(moment)
    tell(0)
    read = _read(moment, report)
    chosen = [each for each in indicators(current_settings().indicators) if _may_see(report.audience, each)]
    tell(1)
    part = read.part
    facts = measure_span(part, areas_within(read.record, read.areas, read.area), span, report.as_of, chosen)
    tell(2)
    places = _places(db.public_session(), building_values(part, facts.day, chosen))
    sources = _sources(db.public_session(), part)
    tell(3)
    edge = read.area.geom if read.area else None
    gathered = Gathered()
    if "clusters" in report.chapters:
        gathered = gather(db.public_session(), moment, facts.industries, edge)
    goals = _goals(moment, report, read, span, chosen) if {"summary", "targets"} & set(report.chapters) else []
    matter = Matter(
        read.area,
        facts,
        list(places.values()),
        sources,
        report.audience,
        report.chapters,
        locale.moment(report.known_at),
        goals,
        gathered,
        lambda title: drawing.draw(db.public_session(), places, edge, title),
        lambda title: drawing.draw_clusters(db.public_session(), places, gathered.gatherings, edge, title),
    )
    chapters = {each.tag: _told(report.chapters, matter, each) for each in LANGUAGES}
    tell(4)
    return Document(
        kind=report.kind,
        span=report.span,
        area=read.area.code if read.area else "",
        area_names=(read.area.name, read.area.name_en or "") if read.area else ("", ""),
        audience=report.audience,
        as_of=f"{facts.day}",
        known_at=report.known_at.isoformat(),
        complete=facts.day == span.ends,
        titles=titles_of(span, read.area),
        figures=tuple(facts.figures.values()),
        areas=tuple(facts.areas),
        buildings=tuple(places.values()),
        sources=tuple(sources),
        chapters=chapters,
        goals=tuple(goals),
        gatherings=gathered.gatherings,
    )


def titles_of(span: Span, area: Any) -> dict[str, str]:
    """What a report is called, by language; `area` has name and name_en, or is None."""
    found = {}
    for each in LANGUAGES:
        with force_locale(each.locale):
            found[each.tag] = (
                gettext("%(place)s%(title)s", place=label(area), title=_title(span)) if area else _title(span)
            )
    return found


def _title(span: Span) -> str:
    year, month = span.begins.year, span.begins.month
    if span.kind == "month":
        return gettext("楼宇经济月报（%(year)s 年 %(month)s 月）", year=year, month=month)
    if span.kind == "quarter":
        return gettext("楼宇经济季报（%(year)s 年第 %(quarter)s 季度）", year=year, quarter=(month + 2) // 3)
    return gettext("楼宇经济白皮书（%(year)s）", year=year)


def _may_see(audience: str, indicator: Indicator) -> bool:
    return RANKS.index(indicator.audience) <= RANKS.index(Audience(audience))


def _read(moment: Moment, report: Report) -> Read:
    """Read by the visitors' login where the report is for the public: it cannot give more than is public."""
    staff = report.audience != "public"
    session = db.session() if staff else db.public_session()
    connection = driver_of(session)
    connection.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
    with looking_back(connection, moment, staff=staff):
        record = with_published(read_record(connection, moment, staff=staff), session, moment)
        if report.audience == "tax":
            record = with_taxes(record, session, moment)
        areas = read_areas(connection, staff=staff)
    area = next((each for each in areas if each.id == report.area_id), None)
    return Read(record, areas, area)


def _goals(moment: Moment, report: Report, read: Read, span: Span, chosen: Sequence[Indicator]) -> list[Goal]:
    """The targets of the report's area and of the areas that lie within it as a whole."""
    staff = report.audience != "public"
    session, inside = db.session() if staff else db.public_session(), set(read.part.rows.tolist())
    parts = ((each, read.record.part_in(each.geom, each.id)) for each in read.areas)
    areas = [
        (each, part) for each, part in parts if each == read.area or (len(part.rows) and inside.issuperset(part.rows))
    ]
    plans = read_plans(session, [each.id for each, _ in areas], moment, staff=staff)
    measurable = Measurable(indicators(current_settings().indicators), chosen)
    return measure_goals(areas, plans, days_of(span, report.as_of), measurable)


def _told(codes: Sequence[str], matter: Matter, language: locale.Language) -> tuple[Chapter, ...]:
    with force_locale(language.locale):
        return tuple(write_chapter(code, matter) for code in codes)


def _places(session: Session, values: dict[int, dict[str, float | None]]) -> dict[int, Place]:
    """The buildings with their values, in the order of their codes."""
    columns = (Building.id, Building.code, Building.name, Building.name_en, Building.address)
    rows = session.execute(select(*columns).order_by(Building.code).where(Building.managed))
    return {
        row.id: Place(row.code, row.name or row.address or row.code, row.name_en or "", "", values[row.id])
        for row in rows
        if row.id in values
    }


def _sources(session: Session, part: Part) -> list[Source]:
    ids = {int(each) for each in part.buildings["source"]} | {int(each) for each in part.spaces["source"]}
    public = load_only(*(getattr(SourceRow, name) for name in sorted(public_fields("sources"))), raiseload=True)
    chosen = select(SourceRow).where(SourceRow.id.in_(sorted(ids)), SourceRow.publishable).options(public)
    return [
        Source(
            each.attribution or each.name,
            each.attribution_en or each.name_en or "",
            each.licence or "",
            f"{each.dated_on}" if each.dated_on else "",
            each.invented,
        )
        for each in session.scalars(chosen.order_by(SourceRow.name))
    ]
