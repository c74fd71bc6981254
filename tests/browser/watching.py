"""Listens to what a page complains of."""

from playwright.sync_api import Page


def watch(page: Page) -> list[str]:
    """Collect the errors that a page reports, and its requests to other hosts."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: problems.append(request.url) if _is_foreign(request.url) else None)
    return problems


def fits(page: Page) -> bool:
    """Whether nothing of the page lies beside the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def _is_foreign(url: str) -> bool:
    return url.startswith("http") and not url.startswith("http://127.0.0.1:")
