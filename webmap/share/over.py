"""The page of a link that opens nothing: unknown, withdrawn, expired, or kept in words that nobody understands."""

from flask import render_template

from geo.errors import BadParameterError
from webmap.share.models import ShortLink


def over(status: int, link: ShortLink | None = None, problem: BadParameterError | None = None) -> tuple[str, int]:
    """The page and its status, 404 or 410; nothing is said of what the link was."""
    expired = link is not None and link.withdrawn_at is None
    page = render_template("share/over.html", here=None, status=status, expired=expired, problem=problem)
    return page, status
