"""The map: its page, and the tiles and state files it is drawn from."""
