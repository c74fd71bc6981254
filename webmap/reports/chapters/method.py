"""方法与数据说明: how the report was made, what each number means, what is not known, where the facts come from."""

from collections.abc import Iterator

from flask_babel import gettext

from geo.reports.blocks import Block, Cell, Table
from geo.reports.document import Figure
from webmap import indicator_words, numbers
from webmap.reports.telling import Matter, name_of, paragraph


def write(matter: Matter) -> Iterator[Block]:
    """The chapter's blocks."""
    yield paragraph(
        gettext(
            "数字说的是 %(day)s 的情况，按 %(instant)s 所知计算；此后的更正不在内。",
            day=numbers.day(matter.facts.day),
            instant=matter.known_at,
        ),
        gettext("与从前比较时，从前的数字也按同一时点所知重新计算。"),
        audience_said(matter.audience),
    )
    for each in matter.facts.breaks:
        yield paragraph(_broken(each), kind="warning")
    yield paragraph(gettext("变化用百分点的，是两个比率之差。没有记录的写作“—”，不当作零。占比的分母随数字写明。"))
    yield _definitions(matter)
    yield from _sources(matter)


def audience_said(audience: str) -> str:
    """Whom a report is for, as a sentence."""
    said = {
        "public": gettext("本报告供公开：只用公开的数据，不含税收和未公开的企业信息。"),
        "staff": gettext("本报告供本区域工作人员：含未公开的数据，不得外传。"),
        "tax": gettext("本报告供税务人员：含税收数据，不得外传。"),
    }
    return said[audience]


def _broken(each: object) -> str:
    month = numbers.month(each.day)  # type: ignore[attr-defined]
    said = gettext("%(month)s 前后的数字不宜直接比较", month=month)
    for square_metres, template in (
        (each.recorded_m2, gettext("，首次纳入（或移出）可租售面积 %(area)s", area="\ue000")),  # type: ignore[attr-defined]
        (each.redefined_m2, gettext("，面积重新认定 %(area)s", area="\ue000")),  # type: ignore[attr-defined]
    ):
        if square_metres:
            said += template.replace("\ue000", indicator_words.say_change(square_metres, "m2"))
    return said + gettext("。")


def _definitions(matter: Matter) -> Table:
    rows = tuple(_definition(each) for each in matter.facts.figures.values())
    headings = (gettext("指标"), gettext("定义"), gettext("算法"), gettext("时间口径"))
    return Table(gettext("指标定义"), headings, (False, False, False, False), rows, (19, 44, 24, 13))


def _definition(each: Figure) -> tuple[Cell, ...]:
    name = name_of(each.name, each.name_en)
    formula = indicator_words.formula(each.numerator)
    if each.denominator:
        formula += f" ÷ {indicator_words.formula(each.denominator)}"
    definition = name_of(each.definition, each.definition_en)
    return Cell(name, None, each.code), Cell(definition), Cell(formula), Cell(indicator_words.period_name(each.period))


def _sources(matter: Matter) -> Iterator[Table]:
    if matter.sources:
        rows = tuple(
            (
                Cell(name_of(each.name, each.name_en)),
                Cell(each.dated_on or numbers.UNKNOWN),
                Cell(each.licence or numbers.UNKNOWN),
                Cell(gettext("虚构的示例") if each.invented else ""),
            )
            for each in matter.sources
        )
        headings = (gettext("来源"), gettext("日期"), gettext("许可"), gettext("说明"))
        yield Table(gettext("数据来源"), headings, (False, False, False, False), rows, (46, 16, 22, 16))
