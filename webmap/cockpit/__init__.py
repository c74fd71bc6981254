"""The cockpit: a district on one screen."""
