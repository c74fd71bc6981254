"""The folder of backups: what they are called, which is the newest, and which are kept."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from webmap.config import Settings

_NAME = re.compile(r"loumap-(\d{8}-\d{6})\.zip")
_WRITTEN = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, order=True, slots=True)
class Backup:
    """A backup that was made by rule: when (UTC), and where it lies."""

    made_at: datetime
    path: Path


def folder_of(settings: Settings) -> Path:
    """Where backups lie unless another place is named."""
    return settings.backup_folder or settings.data / "backups"


def path_now(folder: Path) -> Path:
    """What a backup that is made now is called."""
    return folder / f"loumap-{datetime.now(UTC):{_WRITTEN}}.zip"


def backups_in(folder: Path) -> list[Backup]:
    """The backups of a folder, the newest first; files of other names are not ours and are passed over."""
    found = []
    for path in folder.glob("loumap-*.zip") if folder.is_dir() else ():
        if match := _NAME.fullmatch(path.name):
            found.append(Backup(datetime.strptime(match[1], _WRITTEN).replace(tzinfo=UTC), path))
    return sorted(found, reverse=True)


def to_keep(backups: Iterable[Backup], settings: Settings) -> set[Backup]:
    """Those that the rule keeps: the newest of each of the last days, weeks and months that have one."""
    newest_first = sorted(backups, reverse=True)

    def day(backup: Backup) -> date:
        return backup.made_at.astimezone(settings.timezone).date()

    return {
        *_newest_of_each(newest_first, settings.backup_days, day),
        *_newest_of_each(newest_first, settings.backup_weeks, lambda backup: day(backup).isocalendar()[:2]),
        *_newest_of_each(newest_first, settings.backup_months, lambda backup: day(backup).replace(day=1)),
    }


def kept_until(backups: Iterable[Backup], settings: Settings) -> dict[Backup, date | None]:
    """The day after whose nightly backup the rule lets each one go; None where nobody makes and deletes any."""
    left, gone = set(backups), dict[Backup, date | None]()
    if not settings.backup_days:
        return dict.fromkeys(left)
    today, standing = settings.today(), set(left)
    for night in range(1, 31 * (settings.backup_months + 2) + 7 * settings.backup_weeks + settings.backup_days):
        made = datetime.combine(today + timedelta(days=night), time(3), settings.timezone).astimezone(UTC)
        standing = to_keep({*standing, Backup(made, Path())}, settings)
        gone |= dict.fromkeys(left - standing - gone.keys(), today + timedelta(days=night))
    return {backup: gone.get(backup) for backup in left}


def _newest_of_each(backups: Sequence[Backup], most: int, period: Callable[[Backup], object]) -> list[Backup]:
    found: dict[object, Backup] = {}
    for backup in backups:
        if len(found) < most:
            found.setdefault(period(backup), backup)
    return list(found.values())
