"""The board of data quality: what is missing, old or contradicted, and who should look at what next."""
