"""What forms about units say: texts into values, and what is wrong with them in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from geo.editing.controls import Control, a_day, choice, decimal, shown, words
from geo.editing.reshaping import MOST_PARTS, Part, Terms
from geo.errors import AreasDifferError, BadParameterError, EditConflictError, LouMapError
from geo.history import OCCUPANCIES, UNIT_USES, PresentState, present_states
from geo.history.values import AREA_BASES
from geo.model import Building, Floor, Unit, UnitState
from webmap.names import hant
from webmap.numbers import exact_area
from webmap.words import word

Sent = MultiDict[str, str]

_AREA = decimal("area_m2", "0.01", "9999999999.99", "m²", optional=False)
_ON = a_day("on")
_LABEL = words("label", 40, optional=False)
_CHOSEN: dict[str, Control] = {
    "occupancy": choice("occupancy", OCCUPANCIES, "held"),
    "area_basis": choice("area_basis", AREA_BASES, "area_basis"),
    "use": choice("use", UNIT_USES, "use"),
}


@dataclass(slots=True)
class PartRow:
    """One line of the form of a split, as typed."""

    label: str = ""
    area: str = ""
    occupancy: str = ""


@dataclass(slots=True)
class ReshapeForm:
    """What the form of a split or merger says; `wrong` is what keeps it from being done."""

    rows: list[PartRow]
    on: str
    offers: str = "move"
    reason: str = ""
    seen: dict[int, int] = field(default_factory=dict)
    wrong: str = ""
    ask_reason: bool = False

    def parts(self) -> list[Part]:
        """The new units, lines that are empty left out; raises BadParameterError."""
        said = [row for row in self.rows if row.label.strip() or row.area.strip()]
        return [Part(_LABEL.value(row.label) or "", _read_area(row.area), row.occupancy or None) for row in said]

    def terms(self) -> Terms:
        """From when, and what becomes of offers; raises BadParameterError."""
        return Terms(read_day(self.on), self.offers, self.reason.strip()[:300] or None, self.seen)


def split_form(states: Sequence[PresentState], today: date, count: int = 2) -> ReshapeForm:
    """The empty form: for a split its first lines, for a merger one with the whole area."""
    areas = [state.area_m2 for state in states if state.area_m2 is not None]
    rows = [PartRow() for _ in range(count)]
    if len(states) > 1:
        whole = sum(areas, Decimal(0)) if len(areas) == len(states) else None
        rows = [PartRow("-".join((states[0].label, states[-1].label)), shown(whole))]
    return ReshapeForm(rows, today.isoformat(), seen={state.unit_id: state.version for state in states})


def sent_form(sent: Sent) -> ReshapeForm:
    """The form as it was sent."""
    columns = [sent.getlist(name)[:MOST_PARTS] for name in ("label", "area_m2", "occupancy")]
    rows = [PartRow(*each) for each in zip(*columns, strict=False)]
    seen = dict(_pair(text) for text in sent.getlist("seen") if _pair(text))
    return ReshapeForm(rows, sent.get("on", ""), sent.get("offers", "move"), sent.get("reason", ""), seen)


def unit_values(sent: Sent) -> dict[str, object]:
    """What the form of a unit says of its state; raises BadParameterError."""
    said: dict[str, object] = {name: control.value(sent.get(name, "")) for name, control in _CHOSEN.items()}
    area = sent.get("area_m2", "").strip()
    return said | {"area_m2": _read_area(area) if area else None}


def read_label(sent: Sent) -> str:
    """The label of a unit; raises BadParameterError."""
    text: str = _LABEL.value(sent.get("label", "")) or ""
    if not text:
        raise BadParameterError("label", "", "a label")
    return text


def read_day(text: str) -> date:
    """A day; raises BadParameterError."""
    day: date | None = _ON.value(text)
    if day is None:
        raise BadParameterError("on", "", "a day such as 2026-11-20")
    return day


def why_not(error: LouMapError) -> str:
    """What keeps a change of units from being made, in the reader's language."""
    if isinstance(error, AreasDifferError):
        difference = exact_area(Decimal(str(error.after)) - Decimal(str(error.before)))
        texts = {"before": exact_area(error.before), "after": exact_area(error.after), "difference": difference}  # type: ignore[arg-type]  # both are areas
        return gettext(
            "新单元合计 %(after)s，原来是 %(before)s，相差 %(difference)s。请改正面积，或写明原因再保存。", **texts
        )
    if isinstance(error, EditConflictError):
        return _conflict(error)
    if isinstance(error, BadParameterError):
        return _texts(error).get(error.parameter) or gettext("“%(value)s”不能用。", value=error.value)
    return gettext("这些单元已经变了，请重新打开楼宇的页面。")


def units_of(session: Session, building: Building, today: date) -> Sequence[PresentState]:
    """The units that stand today."""
    return [state for state in present_states(session, building.id, today) if state.exists]


def floors_of(session: Session, building: Building) -> Sequence[Floor]:
    """The floors from the top."""
    return session.query(Floor).filter(Floor.building_id == building.id).order_by(Floor.position.desc()).all()


def says(state: UnitState | Unit) -> str:
    """A state in a few words: its occupancy and area."""
    return "，".join(part for part in (hant(word(state.occupancy, "held")), exact_area(state.area_m2)) if part)


def _conflict(error: EditConflictError) -> str:
    held = error.held
    if isinstance(held, UnitState):
        now = says(held) if held.exists else gettext("已不存在")
        seen = says(error.seen) if isinstance(error.seen, UnitState) else gettext("没有记录")
        texts = {"seen": seen, "now": now}
        return gettext("您打开页面之后别人改了这个单元。您看到的：%(seen)s；现在：%(now)s。请核对后再保存。", **texts)
    return gettext("这些单元之后又有了变化，不能这样改。请重新打开楼宇的页面。")


def _texts(error: BadParameterError) -> dict[str, str]:
    return {
        "label": gettext("房号“%(label)s”不能用：要填，不超过 40 字，并且本楼没有第二个。", label=error.value),
        "area_m2": gettext("面积“%(area)s”不能用：请填大于 0 的数字。", area=error.value),
        "on": gettext("日期“%(day)s”不能用：这一天单元还不存在，或之后已有记录。", day=error.value),
        "parts": gettext("至少要分成两个单元。"),
        "units": gettext("请选两个以上、同一幢楼的单元。"),
    }


def _read_area(text: str) -> Decimal:
    area: Decimal | None = _AREA.value(text)
    if area is None:
        raise BadParameterError("area_m2", "", "an area")
    return area


def _pair(text: str) -> tuple[int, int] | tuple[()]:
    one, _, other = text.partition(":")
    whole = one.isascii() and one.isdecimal() and other.isascii() and other.isdecimal() and len(text) < 40
    return (int(one), int(other)) if whole else ()
