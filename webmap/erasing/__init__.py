"""Erasing personal or unlawful values from database, files and caches."""
