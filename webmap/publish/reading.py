"""The site as a visitor reads it: pages, files and answers of the app, asked for by their addresses."""

import json
from typing import Any

from flask import Flask

from webmap.errors import PublishingError

VISITOR = "LouMap publish (bot)"
"""What the reader calls itself, so that nothing that is copied counts as read."""


class SiteReader:
    """Asks the app as somebody without an account; one thread at a time."""

    def __init__(self, app: Flask, root: str) -> None:
        self._client, self._root = app.test_client(), root

    def get(self, path: str, status: int = 200) -> bytes:
        """What stands at a path.

        Raises
        ------
        PublishingError
            The answer has another status.
        """
        with self._client.get(path, base_url=self._root, headers={"User-Agent": VISITOR}) as answer:
            if answer.status_code != status:
                raise PublishingError(f"{path} was answered {answer.status}; the log says why. Publish again.")
            return answer.get_data()

    def page(self, path: str, status: int = 200) -> str:
        """A page."""
        return self.get(path, status).decode()

    def json(self, path: str) -> Any:
        """An answer of the API."""
        return json.loads(self.get(path))
