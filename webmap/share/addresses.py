"""Where links lead from: the address of the site, and that of a link as it is sent."""

from flask import request

from webmap.config import current_settings
from webmap.locale import LANGUAGES, in_language
from webmap.share.models import ShortLink


def site() -> str:
    """The address of the site as the reader knows it."""
    return current_settings().base_url or request.host_url.rstrip("/")


def address_of(link: ShortLink) -> str:
    """The address that is sent; that of a selection names the language in which it was made, since it is read there."""
    language = next(
        (each for each in LANGUAGES if link.is_private and each.tag == link.state.get("language")), LANGUAGES[0]
    )
    return f"{site()}{in_language(language, f'/s/{link.token}')}"
