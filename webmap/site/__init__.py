"""Pages about the site itself: the desk of who is signed in, the outbox."""
