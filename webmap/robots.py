"""Which requests come from programs, not from people: told by what they say of themselves, in their own words.

A program that pretends to be a browser is not noticed. Finding it out would take what we do not do to people: follow
them from page to page.
"""

import re

from werkzeug.datastructures import Headers

_PROGRAMS = re.compile(
    r"(?<!cu)bot\b|(?<!cu)bot[/_;-]|crawl|spider|slurp|scrap|fetch|preview|monitor|uptime|headless|lighthouse|phantomjs|"
    r"facebookexternalhit|archive|validator|scanner|curl|wget|python|java/|go-http|okhttp|axios|"
    r"libwww|httpclient|node-|postman",
    re.IGNORECASE,
)
"""Words of the search engines, chat programs' previews, watchers and libraries that say so; CUBOT makes telephones."""

_PEOPLE = re.compile(r"^(Mozilla|Opera)/\d")
"""How every browser begins, those inside of chat programs too."""


def is_robot(user_agent: str | None) -> bool:
    """Whether what stands in `User-Agent` is a program's, or nothing."""
    return not user_agent or not _PEOPLE.match(user_agent) or bool(_PROGRAMS.search(user_agent))


def is_a_person_reading(headers: Headers) -> bool:
    """Whether a page was opened by a person: no program, and not loaded ahead or as a part of another page.

    Browsers say so on encrypted sites alone; where they say nothing, their name decides.
    """
    if is_robot(headers.get("User-Agent")):
        return False
    if "prefetch" in (headers.get("Sec-Purpose", "") + headers.get("Purpose", "") + headers.get("X-Moz", "")):
        return False
    return headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
