"""The page that answers a tenant's requirement: ranked units, a reason for every point, and what would bring more."""
