"""Durations as people write them."""

import re
from datetime import timedelta

from core.errors import ConfigError

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_duration(text: str) -> timedelta:
    """Return a duration such as ``90m``, ``24h``, ``7d`` or ``2w``.

    Raises ConfigError when it is none.
    """
    match = re.fullmatch(r"(\d{1,5})\s*([mhdw])", text.strip().lower())
    if match is None:
        raise ConfigError(f"{text!r} is no duration; write 90m, 24h, 7d or 2w")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
