"""Set-up and start of LouMap on a machine with nothing but Python: standard library only, Python 3.9 or newer."""
