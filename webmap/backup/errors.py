"""What can go wrong with a backup."""

from geo.errors import LouMapError


class BackupDamagedError(LouMapError):
    """The backup is not whole."""


class BackupFailedError(LouMapError):
    """The backup could not be made."""


class RestoreRefusedError(LouMapError):
    """The backup cannot be restored here."""


class RestoreFailedError(LouMapError):
    """The backup could not be restored; the database is as it was."""
