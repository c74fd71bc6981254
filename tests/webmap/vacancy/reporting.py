"""Sends the form of a return as the page without scripts does."""

import json
import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo.model import Building, Unit


def report(
    client: FlaskClient, tower: Building, unit: Unit, key: str = "a-key-of-the-page", **said: str
) -> TestResponse:
    """Open the plan, change one unit and send."""
    page = client.get(f"/return/{tower.code}").text
    token = _found(r'name="csrf_token" value="([^"]+)"', page)
    was = json.loads(_found(rf'name="was.{unit.code}" value="([^"]+)"', page).replace("&#34;", '"'))
    seen = _found(rf'name="seen.{unit.code}" value="(\d+)"', page)
    form = {"said_on": said.pop("said_on", ""), "csrf_token": token, "key": key, "unit": unit.code}
    form[f"was.{unit.code}"] = json.dumps(was)
    fields = {f"{name}.{unit.code}": value for name, value in {**was, **said}.items()}
    return client.post(f"/return/{tower.code}", data={**form, f"seen.{unit.code}": seen, **fields})


def _found(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found, f"The page has no {pattern}"
    return found[1]
