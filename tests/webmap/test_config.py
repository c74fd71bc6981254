"""Settings are read once, checked, and explained when they are wrong."""

import logging
import stat
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from webmap.config import BadSettingError, Settings, read_settings, variables


def _read(home: Path, **values: str) -> Settings:
    return read_settings({"LOUMAP_DATA": str(home), **{f"LOUMAP_{name}": value for name, value in values.items()}})


def test_a_new_installation_needs_no_setting(tmp_path: Path) -> None:
    settings = _read(tmp_path)
    assert settings.timezone == ZoneInfo("Asia/Shanghai")
    assert settings.database_url is None
    assert settings.port == 8000
    assert not settings.https


def test_the_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first, second = _read(tmp_path / "home"), _read(tmp_path / "home")
    assert len(first.secret_key) >= 32
    assert first.secret_key == second.secret_key
    assert stat.S_IMODE((tmp_path / "home" / "secret_key").stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "home").iterdir()] == ["secret_key"]


def test_secrets_do_not_appear_when_settings_are_printed(tmp_path: Path) -> None:
    shown = repr(_read(tmp_path, DATABASE_URL="postgresql://a:geheim@h/d", SMTP_URL="smtp://a:geheim@h:25"))
    assert "geheim" not in shown
    assert _read(tmp_path).secret_key not in shown


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_usual_form_of_a_database_address_is_taken(tmp_path: Path, scheme: str) -> None:
    assert _read(tmp_path, DATABASE_URL=f"{scheme}://a@h/d").database_url == "postgresql+psycopg://a@h/d"


def test_every_wrong_setting_is_named_with_its_remedy(tmp_path: Path) -> None:
    wrong = {"TIMEZONE": "Shanghai", "DATABASE_URL": "mysql://h/d", "BASE_URL": "map.example", "SECRET_KEY": "short"}
    wrong |= {"UPLOAD_MB": "many", "SMTP_URL": "mail.example"}
    with pytest.raises(BadSettingError) as refused:
        _read(tmp_path, **wrong)
    lines = str(refused.value).splitlines()
    assert [line.split()[0] for line in sorted(lines)] == sorted(f"LOUMAP_{name}" for name in wrong)
    assert any("Asia/Shanghai" in line for line in lines)


def test_an_empty_variable_counts_as_absent(tmp_path: Path) -> None:
    assert _read(tmp_path, TIMEZONE="", ICP_NUMBER=" ").icp_number is None


def test_a_misspelt_variable_is_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        _read(tmp_path, TIMEZNOE="Asia/Shanghai", SHARED_DATA="/x")
    assert [record.getMessage().split()[0] for record in caplog.records] == ["LOUMAP_TIMEZNOE"]


def test_port_is_understood_as_hosters_set_it(tmp_path: Path) -> None:
    environ = {"LOUMAP_DATA": str(tmp_path), "PORT": "9000"}
    assert read_settings(environ).port == 9000
    assert read_settings({**environ, "LOUMAP_PORT": "9001"}).port == 9001


def test_today_is_the_day_of_the_district(tmp_path: Path) -> None:
    far_east, far_west = (_read(tmp_path, TIMEZONE=zone).today() for zone in ("Etc/GMT-14", "Etc/GMT+12"))
    assert far_east > far_west
    assert _read(tmp_path, TIMEZONE="UTC").today() in (datetime.now(ZoneInfo("UTC")).date(), date.max)


def test_settings_can_be_kept_under(tmp_path: Path) -> None:
    """The worker keeps one application for each."""
    assert len({_read(tmp_path), _read(tmp_path), _read(tmp_path, TIMEZONE="UTC")}) == 2


def test_every_variable_has_a_meaning() -> None:
    assert all(name.startswith("LOUMAP_") and meaning for name, meaning in variables().items())


def test_a_data_folder_that_cannot_be_written_is_said_with_the_remedy() -> None:
    with pytest.raises(BadSettingError, match=r"/proc/nowhere cannot be used .*set LOUMAP_DATA"):
        read_settings({"LOUMAP_DATA": "/proc/nowhere"})
