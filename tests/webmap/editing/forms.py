"""Fills in the forms of the desk as a browser would: what is hidden in them goes along."""

import html
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def send(browser: FlaskClient, page: str, action: str | None = None, **fields: Any) -> TestResponse:
    """Open a page and send fields with everything that is hidden on it, to the page or to an action on it."""
    data: dict[str, Any] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', browser.get(page).text):
        if (text := html.unescape(value)) not in data.setdefault(name, []):
            data[name].append(text)
    return browser.post(action or page.split("?")[0], data={**data, **fields})
