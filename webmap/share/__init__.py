"""Short links and private selections: what leaves the site in a chat and opens as its sender saw it."""
