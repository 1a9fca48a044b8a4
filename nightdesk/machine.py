"""Who sits before this machine, and where their desks keep what is not one desk's own."""

import getpass
from pathlib import Path

from platformdirs import user_cache_path, user_config_path


def person() -> str:
    """Return who sits before the machine, under whose name a vote is kept."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


def config_folder() -> Path:
    """Return where a person keeps the configuration of the desk that is used from everywhere."""
    return user_config_path("nightdesk")


def shared_folder() -> Path:
    """Return where a person's desks on this machine keep what they share."""
    return user_cache_path("nightdesk")
