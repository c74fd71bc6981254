"""What is true of the district: places, vacancy, enterprises; no web framework in here."""
