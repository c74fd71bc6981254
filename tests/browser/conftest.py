"""A real Chromium before the real server with the invented district in it."""

import shutil
import threading
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from geo.db import engine as make_engine
from geo.sample import create_sample
from tests.browser.watching import watch
from tests.factories import PASSWORD, create_user
from tests.postgres import CloneMaker
from webmap import create_app, derived
from webmap.config import Settings
from webmap.database_logins import APP, PUBLIC
from webmap.db import Database
from webmap.freshness import keep_fresh

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
FLAGS += ["--disable-component-update", "--disable-dev-shm-usage", "--use-angle=swiftshader"]
FLAGS += ["--enable-unsafe-swiftshader"]
expect.set_options(timeout=20_000)  # Two browsers may share two cores with all else; sooner is not waited for.
TODAY = date(2026, 11, 20)
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1360, "height": 820}


@pytest.fixture(scope="session")
def district(clones: CloneMaker) -> Iterator[Database]:
    """The logins of the app and of visitors on a database with the invented district."""
    with clones.new() as name:
        owner = make_engine(clones.server.dsn(database=name))
        with Session(owner) as session, session.begin():
            create_sample(session, today=TODAY)
            derived.compute(session, TODAY)
        owner.dispose()
        app = make_engine(clones.server.dsn(APP, name))
        public = make_engine(clones.server.dsn(PUBLIC, name), execution_options={"postgresql_readonly": True})
        yield Database(app, public)
        app.dispose()
        public.dispose()


@pytest.fixture(scope="session")
def site(district: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server."""
    home = tmp_path_factory.mktemp("site")
    secret = "a secret that only tests know, 40 letters"
    app = create_app(Settings(data=home, secret_key=secret, embed_hosts=("127.0.0.1:*",)), district)
    app.extensions["loumap_unattended_s"] = 0  # There is no worker to wait for.
    keeping = keep_fresh(app)
    server = make_server("127.0.0.1", 0, closing(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    keeping.stop()
    server.shutdown()
    thread.join()
    server.server_close()


def closing(app: "WSGIApplication") -> "WSGIApplication":
    """An app whose answers close their files though the browser goes away: Werkzeug's server then leaves them open."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterator[bytes]:
        parts = app(environ, start_response)
        try:
            yield from parts
        finally:
            getattr(parts, "close", lambda: None)()

    return answer


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver of the browser."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, drawing in software."""
    path = shutil.which("chromium") or pytest.fail("Chromium is not installed; ./loumap test installs it")
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """A visitor at a desk who asked for less motion, so that cameras jump and tests need not wait."""
    permissions = ["clipboard-read", "clipboard-write"]
    context = browser.new_context(base_url=site, viewport=DESK, reduced_motion="reduce", permissions=permissions)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab; the test fails when its page reported errors or asked another host for anything."""
    page = context.new_page()
    problems = watch(page)
    yield page
    assert problems == []


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def tenant(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab on a phone, and one at a desk; the test fails when its page complains."""
    touch = request.param is PHONE
    with browser.new_context(
        base_url=site, viewport=request.param, reduced_motion="reduce", has_touch=touch
    ) as context:
        page = context.new_page()
        problems = watch(page)
        yield page
        assert problems == []


@pytest.fixture(scope="session")
def promoters_account(district: Database) -> str:
    """The name of an account that may make links; its password is that of all accounts in tests."""
    with district.new_session() as session, session.begin():
        create_user(session, "promoter", name="promoter", email="promoter@example.com")
    return "promoter"


@pytest.fixture(scope="session")
def officer(district: Database) -> str:
    """The name of an account of an office that looks after all buildings."""
    with district.new_session() as session, session.begin():
        create_user(session, "staff", name="officer", email="officer@example.com")
    return "officer"


@pytest.fixture
def promoter(page: Page, promoters_account: str) -> Page:
    """A tab of a promoter who has signed in."""
    page.goto("/login")
    page.fill("[name=name]", promoters_account)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/desk**")
    return page


@pytest.fixture
def client(browser: Browser, site: str) -> Iterator[Page]:
    """The telephone of somebody else, without an account."""
    with browser.new_context(base_url=site, viewport=PHONE, has_touch=True, reduced_motion="reduce") as context:
        page = context.new_page()
        problems = watch(page)
        yield page
        assert problems == []
