"""A shortlist on paper: A4 pages by WeasyPrint, which is imported here alone and fetches nothing."""

import logging
from typing import Any

from flask import render_template
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from geo.exports.svg_map import with_halos_apart
from webmap.picked import wording
from webmap.picked.filling import Shortlist
from webmap.picked.place_map import draw_places

MAP = (700, 330)
"""Pixels of the map; the page is 180 mm wide inside its margins."""

SCANNABLE = 300
"""Characters of an address up to which telephones read its QR code from paper."""


def write(session: Session, made: Shortlist, site: str, address: str) -> bytes:
    """The PDF.

    Parameters
    ----------
    site
        The address of the site, for links to units.
    address
        The address of the list itself.
    """
    import weasyprint  # noqa: PLC0415 - a large library that only this file needs

    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # else it tells of every rule it does not know
    short, whole = scanned(made, address)
    html = render_template(
        "shortlist/paper.html",
        shortlist=made,
        words=wording,
        site_address=site,
        list_address=address,
        qr=_qr(short),
        qr_is_whole=whole,
        place_map=Markup(with_halos_apart(draw_places(session, made, MAP, links=False))) if made.found else "",
        entry_stack=_stack,
    )
    page = weasyprint.HTML(string=html, base_url=None, url_fetcher=fetcher())
    found: bytes = page.write_pdf(pdf_variant="pdf/ua-1")
    return found


def fetcher() -> Any:
    """What WeasyPrint is to fetch with: it refuses every address, since all that a page needs stands in it."""
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 - see above

    return URLFetcher(allowed_protocols=())


def scanned(made: Shortlist, address: str) -> tuple[str, bool]:
    """The address for the QR code, and whether it is all of it: notes that make it too long are left out."""
    if len(address) <= SCANNABLE:
        return address, True
    return f"{address.partition('?')[0]}?u={','.join(made.selection.codes)}", not made.selection.notes


def _qr(address: str) -> Markup:
    import segno  # noqa: PLC0415 - only for paper

    code = segno.make_qr(address, error="l")
    return Markup(code.svg_inline(border=0, dark="#17202b", omitsize=True, svgclass=None, lineclass=None))


def _stack(entry: Any) -> Markup:
    """The stacking plan of a line, escaped where it is drawn."""
    return Markup(entry.found.stack(gettext("%(name)s 的楼层剖面", name=wording.title_of(entry))))
