"""Reads files of other people into LouMap: every format, encoding and habit of `./loumap import`.

The way of a file: `readers.read` opens it, `columns.recognise` says what its headings mean, `tables.clean` gives typed
columns in WGS-84, and what was wrong with it stands in an `ImportReport`.
"""
