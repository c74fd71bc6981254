"""Pages of the site as pages of a copy."""

import pytest

from webmap.publish.places import Places
from webmap.publish.rewriting import Frame, Rewriter

PLACES = Places(paged={"tower"}, areas={"east"}, listed={"tower", "shed"})
SITE = "https://site.example"


def rewritten(html: str, page: str = "/en/b/tower", *, live: str | None = None, address: str | None = None) -> str:
    return Rewriter(page, Frame(PLACES, SITE, live, address)).rewritten(html)


@pytest.mark.parametrize(
    ("link", "led"),
    [
        ("/en/", "../index.html"),
        ("/en/?b=tower&amp;floor=3", "../index.html?b=tower&amp;floor=3"),
        ("/zh-hant/b/tower", "../../zh-hant/b/tower.html"),
        ("/b/tower#plan", "../../b/tower.html#plan"),
        ("/b/shed", "../../listed/0.html#shed"),
        ("/en/a/east", "../a/east.html"),
        ("/en/u/room7", "../listed/0.html#room7"),
        ("/about#clusters", "../../about.html#clusters"),
        ("#people", "#people"),
        ("https://elsewhere.example/x", "https://elsewhere.example/x"),
    ],
)
def test_links_lead_to_files_from_wherever_the_page_lies(link: str, led: str) -> None:
    assert rewritten(f'<a href="{link}">there</a>') == f'<a href="{led}">there</a>'


def test_of_a_link_that_needs_a_server_the_words_stay() -> None:
    assert rewritten('<p>Do <a href="/en/match"><b>match</b></a>.</p>') == "<p>Do <span><b>match</b></span>.</p>"


@pytest.mark.parametrize(
    "html",
    [
        '<a class="btn primary" href="/inquiries/new?unit=x">Ask</a>',
        '<a data-share-page="/share" href="/share?to=/"><svg></svg></a>',
        '<nav><a href="/login">Sign in</a></nav>',
        '<form action="/alerts/new"><form-like><input name="q"></form-like></form>',
        '<iframe src="/map.svg?x=1" title="drawing"></iframe>',
        '<link rel="preload" as="fetch" href="/state/7">',
        '<script type="application/ld+json">{"url": "https://site.example/b/tower"}</script>',
    ],
)
def test_buttons_forms_and_what_only_a_server_has_are_not_there(html: str) -> None:
    assert rewritten(html) in ("", "<nav></nav>")


def test_where_the_site_is_known_its_forms_are_a_link_away() -> None:
    asked = rewritten('<a class="btn" href="/inquiries/new?unit=x&amp;a=1">Ask</a>', live=SITE)
    assert asked == f'<a class="btn" href="{SITE}/inquiries/new?unit=x&amp;a=1">Ask</a>'


def test_where_the_copy_knows_its_place_search_engines_are_told() -> None:
    head = f'<link rel="canonical" href="{SITE}/en/b/tower"><meta property="og:url" content="{SITE}/en/b/tower">'
    told = rewritten(head, address="https://copy.example/x")
    assert told.count("https://copy.example/x/en/b/tower.html") == 2
    assert rewritten(head) == ""


def test_what_is_written_stays_as_it_is() -> None:
    page = '<!doctype html>\n<p title="a &amp; b">1 &lt; 2 &#160; x<br></p><script type="module">a < b && c</script>'
    assert rewritten(page) == page


def test_the_files_that_a_page_needs_are_known() -> None:
    rewriter = Rewriter("/b/tower", Frame(PLACES, SITE))
    picture = '<img src="/pictures/p/320.jpg" srcset="/pictures/p/320.jpg 320w, /pictures/p/1280.jpg 1280w">'
    assert 'srcset="../pictures/p/320.jpg 320w, ../pictures/p/1280.jpg 1280w"' in rewriter.rewritten(picture)
    assert rewriter.files == {"/pictures/p/320.jpg", "/pictures/p/1280.jpg"}
