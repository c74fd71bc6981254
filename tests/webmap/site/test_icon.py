"""The icon of the site."""

from flask.testing import FlaskClient


def test_what_cannot_name_an_icon_finds_the_one_that_pages_show(client: FlaskClient):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 200 and answer.mimetype == "image/svg+xml"
    shape = answer.text.split('d="')[1].split('"')[0]
    assert f"d='{shape}'" in client.get("/about").text
    assert answer.cache_control.max_age == 86400
