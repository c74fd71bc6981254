"""An offline map as the answer to a request."""

from io import BytesIO

from flask import Response, send_file

from webmap.carried.asked import Carried
from webmap.carried.page import carried_page
from webmap.config import current_settings
from webmap.db import public_session

AT_ONCE = 600
"""Listed buildings of an offline map that is made while somebody waits, about four seconds; ./loumap takes more."""


def send_map(carried: Carried) -> Response:
    """The file to be saved, of what visitors may see; raises as `carried_page`."""
    page = carried_page(public_session(), current_settings(), carried).encode()
    name = f"loumap-{carried.asking.today}.html"
    answer = send_file(BytesIO(page), "text/html", as_attachment=True, download_name=name, max_age=0)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
