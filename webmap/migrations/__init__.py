"""The history of the schema; `webmap/migrate.py` runs it."""
