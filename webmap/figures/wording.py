"""How figures are written for the reader, and back into a form."""

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext

from geo.figures.values import Measured
from geo.model import Figure, Target
from geo.taxonomy import Word
from webmap.figures.rights import action_of
from webmap.locale import language

__all__ = ["action_of", "as_typed", "figure_value", "labelled", "locale_tag", "plain_number"]

_TEN_THOUSAND = Decimal(10_000)


def figure_value(value: Decimal | None, unit: str) -> str:
    """A value in its unit: 1,234.56 万元, 85.5 %, 120."""
    if value is None:
        return "–"
    if unit == "cny":
        return gettext("%(n)s 万元", n=f"{value / _TEN_THOUSAND:,.2f}")
    if unit == "share":
        return f"{plain_number(value * 100)} %"
    return f"{plain_number(value)}"


def plain_number(value: Decimal | float) -> str:
    """A number with as many decimals as it has, in groups of three."""
    text = f"{Decimal(value):,.4f}"
    return text.rstrip("0").rstrip(".")


def labelled(words: Sequence[Word], locale: str) -> list[tuple[str, str]]:
    """Codes with their names in a language, for a list to choose from."""
    return [(word.code, word.label(locale)) for word in words]


def as_typed(row: Figure | Target, kind: Measured, source: str) -> dict[str, str]:
    """What a form says of a figure or target that is there."""
    unit = "万元" if kind.unit == "cny" else ""
    value = {"cny": row.value / _TEN_THOUSAND, "share": row.value * 100}.get(kind.unit, row.value)
    typed = {
        "value": plain_number(value).replace(",", "") + ("%" if kind.unit == "share" else ""),
        "unit": unit,
        "note": row.note or "",
        "source": source,
    }
    if isinstance(row, Figure):
        share = row.largest_share_pct
        typed |= {
            "contributors": str(row.contributors or ""),
            "largest_share": "" if share is None else plain_number(share),
        }
    return typed


def locale_tag() -> str:
    """The language of the page as vocabularies know it."""
    return language().tag
