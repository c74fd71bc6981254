"""The audit as the administrator reads it: by thing, person and day; export."""
