"""What a person calls the browser that a session belongs to."""

import re

# The first that fits; many browsers also name those they stem from.
_BROWSERS = (
    ("微信", r"MicroMessenger/"),
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Firefox", r"(?:Firefox|FxiOS)/"),
    ("Chrome", r"(?:Headless)?(?:Chrome|CriOS)/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("HarmonyOS", r"HarmonyOS|OpenHarmony"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("Linux", r"Linux"),
)


def device(user_agent: str | None) -> str:
    """Browser and system in two words, "Chrome · Windows"; empty when neither is known."""
    named = (_first(table, user_agent or "") for table in (_BROWSERS, _SYSTEMS))
    return " · ".join(name for name in named if name)


def _first(table: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for name, pattern in table if re.search(pattern, text)), None)
