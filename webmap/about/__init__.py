"""Pages about the data: where it comes from, what its words mean, how personal data is treated."""
