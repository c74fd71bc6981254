"""Backups: database and files in one archive, proved by restoring it, brought back in one transaction."""
