"""The page about the data and the privacy notice."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from geo import taxonomy
from webmap.about.operations import public_sources
from webmap.config import current_settings
from webmap.db import public_session
from webmap.permissions import needs

blueprint = Blueprint("about", __name__)


@blueprint.get("/about")
@needs("public")
def about() -> str:
    """What the site shows, from which sources, and what the words mean."""
    found = public_sources(public_session())
    return render_template("about/about.html", here="about", sources=found, terms=taxonomy.terms())


@blueprint.get("/privacy")
@needs("public")
def privacy() -> str | Response:
    """The privacy notice of the installation, or the way to it."""
    settings = current_settings()
    if settings.privacy_url:
        return redirect(settings.privacy_url)
    paragraphs = [part.strip() for part in (settings.privacy_text or "").split("\n\n") if part.strip()]
    return render_template("about/privacy.html", here=None, paragraphs=paragraphs)
