"""A process that embeds and indexes what is pending, for tests that kill it: ``python -m tests.kb.worker``.

It says "ready", waits for a line, tells its progress line by line, and says "done".
"""

import sys
from pathlib import Path

import kb.index
import kb.vectors
from kb.embedder import Embedder
from kb.index import Index
from kb.store import Store


def say(line: str) -> None:
    """Tell the test how far the work has come."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def work(folder: Path, models: Path) -> None:
    """Embed, then drain, in portions small enough that there are many moments to die in."""
    kb.vectors._PORTION = kb.index._PORTION = 8
    store, index, embedder = Store(folder / "nightdesk.db"), Index(folder / "chroma"), Embedder(models)
    say("ready")
    sys.stdin.readline()
    kb.vectors.embed_pending(store, lambda: embedder, say)
    say("indexing")
    index.drain(store)
    say("done")


if __name__ == "__main__":
    work(Path(sys.argv[1]), Path(sys.argv[2]))
