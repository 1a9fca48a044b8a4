"""``python -m nightdesk``, and what the command ``nightdesk`` starts."""

import os
import sys

from nightdesk.cli import main


def run() -> None:
    """Run the command line; a search that has told its hits leaves at once.

    It has nothing open that matters, and taking the interpreter apart is a twelfth of its time.
    """
    try:
        main()
    except SystemExit as stop:
        if sys.argv[1:2] == ["search"] and not stop.code and _is_told():
            os._exit(0)
        raise


def _is_told() -> bool:
    """Tell whether all that was printed has gone out; if not, Python says so at its usual end."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    run()
