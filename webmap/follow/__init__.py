"""Following a search: a feed of what is new, a calendar of what becomes free, mail for who wants it."""
