"""How good the data are: what of a building should be known and is, how old it is, what contradicts itself.

`rules.py` says what counts how much (`data/taxonomies/quality.toml`), `reading.py` reads it as arrays, `board.py` makes
shares and ages of it, `work.py` what is to be looked at next.
"""
