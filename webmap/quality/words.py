"""The sentences of the board: why to look at a building, what it is called on the page."""

from flask_babel import gettext, ngettext

from geo.quality.rules import Field
from geo.quality.work import Reason
from webmap.names import label
from webmap.numbers import area, exact_area
from webmap.words import word


def said(reason: Reason) -> str:
    """Why to look at a building, in one clause with its numbers."""
    return _SENTENCES[reason.code](reason)


def reason_name(code: str) -> str:
    """A reason as a heading."""
    return _names()[code]


def field_name(field: Field) -> str:
    """What pages call a field."""
    return word(field.code, "fact") if field.mend == "facts" else label(field)


def wrong(kind: str, value: float) -> str:
    """A number that cannot be, with its kind (`geo/quality/impossible.py`)."""
    count = round(value)
    over = exact_area(round(value, 1))
    return {
        "units_over_floor": lambda: ngettext(
            "%(num)s 层的单元面积之和超过楼层面积", "%(num)s 层的单元面积之和超过楼层面积", count
        ),
        "units_over_leasable_m2": lambda: gettext("单元面积之和比可租售面积多 %(area)s", area=over),
        "leasable_over_gross_m2": lambda: gettext("可租售面积比总建筑面积多 %(area)s", area=over),
        "floors_out_of_order": lambda: ngettext(
            "%(num)s 层的楼层号与上下顺序不符", "%(num)s 层的楼层号与上下顺序不符", count
        ),
        "odd_height": lambda: gettext("高度与层数不相称"),
        "storeys_over": lambda: gettext("有楼层高过登记的地上层数"),
    }[kind]()


def _names() -> dict[str, str]:
    return {
        "late": gettext("周报逾期"),
        "silent": gettext("久无人确认"),
        "unknown": gettext("状态未知"),
        "unpriced": gettext("空置无租金"),
        "report": gettext("访客报错"),
        "contradicted": gettext("抽查不符"),
        "doubt": gettext("疑点未说明"),
        "disagree": gettext("说法不一"),
        "impossible": gettext("数字矛盾"),
        "missing": gettext("资料缺项"),
    }


def _late(reason: Reason) -> str:
    return ngettext("周报逾期 %(num)s 天", "周报逾期 %(num)s 天", reason.days)


def _silent(reason: Reason) -> str:
    said = ngettext("%(num)s 个单元（%(area)s）", "%(num)s 个单元（%(area)s）", reason.count, area=area(reason.area_m2))
    return said + ngettext("平均 %(num)s 天无人确认", "平均 %(num)s 天无人确认", reason.days)


def _unknown(reason: Reason) -> str:
    return ngettext(
        "%(num)s 个单元（%(area)s）状态未知",
        "%(num)s 个单元（%(area)s）状态未知",
        reason.count,
        area=area(reason.area_m2),
    )


def _unpriced(reason: Reason) -> str:
    return ngettext(
        "%(num)s 个空置单元（%(area)s）没有公开租金",
        "%(num)s 个空置单元（%(area)s）没有公开租金",
        reason.count,
        area=area(reason.area_m2),
    )


def _report(reason: Reason) -> str:
    said = ngettext("访客报错 %(num)s 条", "访客报错 %(num)s 条", reason.count)
    return gettext("%(said)s，已等 %(n)s 天", said=said, n=reason.days)


def _contradicted(reason: Reason) -> str:
    return ngettext("现场抽查与报送不符 %(num)s 处", "现场抽查与报送不符 %(num)s 处", reason.count)


def _doubt(reason: Reason) -> str:
    return ngettext("周报里 %(num)s 处疑点未说明", "周报里 %(num)s 处疑点未说明", reason.count)


def _disagree(reason: Reason) -> str:
    return ngettext("%(num)s 项资料各来源说法不一", "%(num)s 项资料各来源说法不一", reason.count)


def _impossible(reason: Reason) -> str:
    return ngettext("%(num)s 处数字自相矛盾", "%(num)s 处数字自相矛盾", reason.count)


def _missing(reason: Reason) -> str:
    return ngettext("缺 %(num)s 项资料", "缺 %(num)s 项资料", reason.count)


_SENTENCES = {
    "late": _late,
    "silent": _silent,
    "unknown": _unknown,
    "unpriced": _unpriced,
    "report": _report,
    "contradicted": _contradicted,
    "doubt": _doubt,
    "disagree": _disagree,
    "impossible": _impossible,
    "missing": _missing,
}
