"""What all pictures that are sent have in common: how they are kept and answered, what is written on each of them.

A picture shows what visitors may see, whoever asks for it, so that it can be sent on and kept by anybody.
"""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, send_file
from flask_babel import gettext
from markupsafe import Markup

from geo import taxonomy
from geo.exports.colouring import AGE, OLDER, OVER, UNKNOWN, VACANCY, Colouring
from geo.exports.lettering import family
from geo.exports.raster import png
from geo.exports.svg_card import CARD, TIMES, Words
from webmap.admission import lanes
from webmap.card_files import CardFiles
from webmap.config import current_settings
from webmap.locale import address, language
from webmap.looking_back import dated, moment_shown
from webmap.names import attribution, hant, label
from webmap.numbers import day
from webmap.published import published

FORMS = "card", "poster", "sheet"
LAYERS = ("state", "buildings", "ground", "amenities", "areas")
"""What a picture is drawn from: when one of these changes it is drawn anew."""

SCANNABLE = 300
"""Characters of an address up to which telephones read its QR code."""

FRESH_S = 300
"""For how long whoever has a picture need not ask again."""

Raster = Callable[[str, float], bytes]
"""From SVG and how many pixels there are for each of the drawing's to PNG."""


@dataclass(frozen=True, slots=True)
class CardLink:
    """The picture of a page for chat programs: absolute address, what it shows, pixels."""

    url: str
    alt: str
    width: int = CARD[0]
    height: int = CARD[1]


def card_link(path: str, alt: str, query: str = "") -> CardLink:
    """The card under an address such as '/card/b/….png' in the reader's language."""
    return CardLink(page_url(path, query), alt)


def site_url() -> str:
    """The address of the site, as the reader has it unless the settings say."""
    return current_settings().base_url or request.host_url.rstrip("/")


@dataclass(frozen=True, slots=True)
class Takeaway:
    """Something to take along of a page: what it is, for what, where."""

    name: str
    use: str
    href: str


def takeaways(page: str, code: str, query: str) -> list[Takeaway]:
    """Pictures and brochures of a page ('map', 'building', 'unit', 'area', 'compare'), the usual first."""
    place = {"building": f"b/{code}", "unit": f"u/{code}"}.get(page)
    asked = {"map": query, "area": f"within={code}", "compare": query}.get(page, "")
    what = place or ("compare" if page == "compare" else "map")
    ending = f".png{'?' if asked else ''}{asked}"
    found = []
    if page in ("building", "unit", "area"):
        paper = place or f"a/{code}"
        found += [
            Takeaway(gettext("简介（A4）"), gettext("PDF，打印或发邮件"), address(f"/brochure/{paper}.pdf")),
            Takeaway(
                gettext("简介（手机长页）"), gettext("PDF，在聊天里一路滑到底"), address(f"/brochure/long/{paper}.pdf")
            ),
        ]
    if page == "area":
        briefing = address(f"/brochure/briefing/{code}.pdf")
        found.append(Takeaway(gettext("考察一页纸"), gettext("PDF，数字注明来源和口径"), briefing))
    if page in ("map", "building", "unit", "area"):
        found += [
            Takeaway(gettext("海报"), gettext("3:4 图片，带二维码"), address(f"/card/poster/{what}{ending}")),
            Takeaway(gettext("大图"), gettext("两倍清晰，放进幻灯片"), address(f"/card/sheet/{what}{ending}")),
        ]
    if page == "match":
        found.append(Takeaway(gettext("聊天卡片"), gettext("1200 × 630 图片"), address(f"/card/match.png?{query}")))
    if page in ("map", "building", "unit", "area", "compare"):
        found.append(Takeaway(gettext("聊天卡片"), gettext("1200 × 630 图片"), address(f"/card/{what}{ending}")))
    return [replace(each, href=dated(each.href)) for each in found]


def page_url(path: str, query: str = "") -> str:
    """The whole address of a page such as '/b/…' in the reader's language, at the moment that is looked back to."""
    return dated(site_url() + address(path) + (f"?{query}" if query else ""))


def answer(key: Sequence[object], form: str, draw: Callable[[], str]) -> Response:
    """The picture of a key as PNG: the kept one, or drawn in its turn.

    Raises
    ------
    webmap.errors.BusyError
        Too many pictures are being drawn.
    """
    full = (*key, moment_shown(), form, language().tag, *stand())
    path = files().found(full, ".png") or _drawn(full, form, draw)
    response = send_file(path, mimetype="image/png", etag=False, conditional=False)
    response.set_etag(path.stem)
    response.headers["Cache-Control"] = f"public, max-age={FRESH_S}"
    response.headers["X-Robots-Tag"] = "noindex"
    return response.make_conditional(request)


def _drawn(key: Sequence[object], form: str, draw: Callable[[], str]) -> Path:
    with lanes().pictures:
        return files().keep(key, ".png", lambda: raster(draw(), TIMES[form]))


def raster(svg: str, times: float) -> bytes:
    """A drawing as PNG, as the app has it made, with so many pixels for each of its own."""
    make: Raster = current_app.extensions["loumap_raster"]
    return make(svg, times)


def stand() -> tuple[object, ...]:
    """The day and the versions of all that a picture or a paper may show, and the settings it is written with."""
    versions, settings = published().versions(), current_settings()
    drawn = tuple(versions.get(layer) for layer in LAYERS)
    return (settings.today(), settings.site_name, settings.map_review_number, site_url(), *drawn)


def files() -> CardFiles:
    """The pictures and papers that the running app keeps."""
    found: CardFiles = current_app.extensions["loumap_cards"]
    return found


def init_app(app: Flask) -> None:
    """Give the app its folder of pictures, what makes them of SVG, and templates what to take along."""
    app.add_template_global(takeaways)
    app.extensions["loumap_raster"] = png
    app.extensions["loumap_cards"] = CardFiles(app.extensions["loumap_settings"].data / "cards")


def words(
    title: str,
    line: str,
    *,
    sources: Iterable[Any],
    as_of: date,
    figures: Sequence[tuple[str, str]] = (),
    detail: str = "",
    legend: tuple[str, Sequence[tuple[str, str]]] = ("", ()),
    review: bool = True,
) -> Words:
    """What is written on a picture, with date, sources and the notice that data is invented where it is."""
    settings, known = current_settings(), list(sources)
    credits = "；".join(dict.fromkeys(str(Markup(attribution(each)).striptags()) for each in known))
    number = settings.map_review_number if review else None
    return Words(
        site=hant(settings.site_name),
        title=title,
        line=line,
        figures=figures,
        detail=detail,
        legend_title=legend[0],
        legend=legend[1],
        day=gettext("截至 %(day)s", day=day(as_of)),
        sources=gettext("数据来源：%(sources)s", sources=credits) if credits else "",
        review=gettext("审图号：%(number)s", number=number) if number else "",
        notice=gettext("示例数据，均为虚构") if any(each.invented for each in known) else "",
        link=gettext("扫码打开"),
        fonts=family(language().tag),
    )


def legend_of(by: str, coloured: Colouring) -> tuple[str, list[tuple[str, str]]]:
    """The title of a colouring, and its colours with their names."""
    titles = {
        "vacancy": gettext("空置率"),
        "grade": gettext("等级"),
        "star": gettext("星级"),
        "industry": gettext("主导产业"),
        "age": gettext("数据时效"),
    }
    names = _class_names(by)
    pairs = zip(coloured.colours, coloured.codes, strict=True)
    return titles[by], [(colour, names.get(code, code)) for colour, code in pairs]


def vacancy_legend() -> tuple[str, list[tuple[str, str]]]:
    """The legend of vacancy alone."""
    steps = [(colour, code) for code, colour, _ in VACANCY]
    names = _class_names("vacancy")
    last = [(OVER[1], names[OVER[0]]), (UNKNOWN, names["unknown"])]
    return gettext("空置率"), [*((colour, names[code]) for colour, code in steps), *last]


def _class_names(by: str) -> Mapping[str, str]:
    unknown = {"unknown": gettext("未知")}
    if by == "vacancy":
        limits = {code: f"≤{limit:.0%}" for code, _, limit in VACANCY[1:]}
        return {"full": gettext("满租"), **limits, OVER[0]: f">{VACANCY[-1][2]:.0%}", **unknown}
    if by == "age":
        said = (gettext("一周内"), gettext("一月内"), gettext("三月内"))
        return {**dict(zip((code for code, _, _ in AGE), said, strict=True)), OLDER[0]: gettext("更早"), **unknown}
    if by == "star":
        return {**{star: "★" * int(star) for star in "12345"}, **unknown}
    vocabulary: Iterable[Any] = taxonomy.map_groups() if by == "industry" else reversed(taxonomy.grades())
    return {**{each.code: label(each) for each in vocabulary}, **unknown}


def qr_svg(url: str) -> str:
    """The QR code of an address as an SVG of one colour; nothing where telephones could not read it."""
    if len(url) > SCANNABLE:
        return ""
    import segno  # noqa: PLC0415 - only for posters

    code = segno.make_qr(url, error="m")
    return code.svg_inline(border=0, omitsize=True, dark="#17202b", svgclass=None, lineclass=None)


def qr_file(url: str) -> str:
    """The QR code of an address as an SVG of its own, as large as need be."""
    import segno  # noqa: PLC0415 - only for paper

    made = io.BytesIO()
    segno.make_qr(url, error="m").save(made, kind="svg", border=0, dark="#17202b", omitsize=True, xmldecl=False)
    return made.getvalue().decode()
