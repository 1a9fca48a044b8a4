"""Two processes write and four read one base for a minute: ``python -m benchmarks.together [SECONDS]``."""

import sys
import tempfile
from pathlib import Path

from tests.kb.crowd import together
from tests.kb.test_together import WRONG


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    for what, writers, readers in (("two write, four read", 2, 4), ("baseline, one writes and one reads", 1, 1)):
        with tempfile.TemporaryDirectory() as folder:
            told, wrong = together(Path(folder), seconds, writers=writers, readers=readers)
        done = ", ".join(f"{told[name]} {name}" for name in ("new", "changed", "embedded", "drained", "searches"))
        print(f"{what}, {seconds:.0f} s: {done}")
        print(f"    {', '.join(f'{told[name]} {name}' for name in WRONG)}; errors and differences: {wrong or 'none'}")


if __name__ == "__main__":
    main()
