"""Texts in SVG: how wide they are, cut to a width, with a white edge, in a family of fonts that has Chinese."""

from html import escape

FAMILY = "Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
FAMILY_HANT = "Noto Sans CJK TC, PingFang TC, Microsoft JhengHei, sans-serif"

INK, MUTED, ACCENT = "#17202b", "#566273", "#14508f"

_NARROW, _WIDE = frozenset(" .,:;|!'()[]ijlI·"), frozenset("mwMW%@—")


def family(language: str) -> str:
    """The fonts of a language by its BCP 47 tag."""
    return FAMILY_HANT if language == "zh-Hant" else FAMILY


def width_of(text: str, size: float) -> float:
    """About how many pixels wide a text is in letters of so many pixels."""
    return sum(map(_share, text)) * size


def _share(letter: str) -> float:
    if letter > "\u2e7f":
        return 1.0
    return 0.33 if letter in _NARROW else 0.88 if letter in _WIDE else 0.66 if letter.isupper() else 0.57


def cut(text: str, size: float, width: float) -> str:
    """The text, or its beginning and an ellipsis where it is wider than so many pixels."""
    if width_of(text, size) <= width:
        return text
    while text and width_of(text, size) + size > width:
        text = text[:-1]
    return text.rstrip(" ·，、,") + "…"


def lines_of(text: str, size: float, width: float, most: int) -> list[str]:
    """The text in at most so many lines of a width, broken between words or Chinese letters; the last may be cut."""
    lines: list[str] = []
    rest = text.strip()
    while rest and len(lines) < most - 1 and width_of(rest, size) > width:
        end = _fitting(rest, size, width)
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*lines, cut(rest, size, width)] if rest else lines


_NOT_FIRST = frozenset("，。；：、）】》」！？%,.;:)!?")


def _fitting(text: str, size: float, width: float) -> int:
    """How many letters of a text fit, ending where a line may be broken."""
    end, used = 0, 0.0
    while end < len(text) and (used := used + _share(text[end]) * size) <= width:
        end += 1
    for place in range(end, max(end // 2, 1), -1):
        before, after = text[place - 1], text[place]
        if after not in _NOT_FIRST and (before == " " or after == " " or before > "\u2e7f" or after > "\u2e7f"):
            return place
    return max(end, 1)


def line(
    x: float, y: float, text: str, size: float, *, fill: str = INK, strong: bool = False, anchor: str = "start"
) -> str:
    """A text that stands on the line y."""
    more = (' font-weight="700"' if strong else "") + (f' text-anchor="{anchor}"' if anchor != "start" else "")
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size:g}" fill="{fill}"{more}>{escape(text)}</text>'
