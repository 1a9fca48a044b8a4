"""A page in the person's browser."""

import subprocess
import sys
from threading import Thread


def open_link(address: str) -> Thread:
    """Ask for a page, http or https, and go on at once; the thread ends with the browser's answer.

    In a process of its own that has no terminal: a browser made for terminals would write over the list.
    """
    command = [sys.executable, "-m", "webbrowser", "-t", address]
    asking = Thread(target=_run, args=(command,), daemon=True)
    asking.start()
    return asking


def _run(command: list[str]) -> None:
    quiet = subprocess.DEVNULL
    subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True, check=False)  # noqa: S603 - our own interpreter
