"""Links of documents: absolute addresses with relation and type, in the body and in the header `Link`."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlencode

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
SCHEMA, PROBLEM = "application/schema+json", "application/problem+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
FORMATS = {"json": JSON, "geojson": GEOJSON, "html": HTML}
"""What the parameter `f` may say."""

Link = dict[str, str]


class Site:
    """Where the interface stands, as clients reach it."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        self.root = f"{self.base}/ogc"

    def at(self, path: str = "", query: Mapping[str, str] | None = None) -> str:
        """The address of a path below the interface."""
        asked = f"?{urlencode(query, quote_via=quote, safe=':,/')}" if query else ""
        return f"{self.root}{path}{asked}"


def link(href: str, rel: str, media_type: str, title: str = "") -> Link:
    """One link."""
    told = {"href": href, "rel": rel, "type": media_type}
    return told | ({"title": title} if title else {})


def header(links: Iterable[Link]) -> str:
    """The same links for the header."""
    return ", ".join(f'<{each["href"]}>; rel="{each["rel"]}"; type="{each["type"]}"' for each in links)
