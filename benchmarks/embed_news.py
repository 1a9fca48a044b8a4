"""Embed the new items of one night of a base, and nothing else: ``python -m benchmarks.embed_news DATA NIGHT``.

Prints one JSON document: how many there were and the seconds that embedding them took, loading the model left out.
"""

import json
import sys
import time
from datetime import date
from pathlib import Path

from sqlalchemy import select

from kb.embedder import Embedder
from kb.schema import items
from kb.store import Store
from kb.vector_rows import embedded_text


def main() -> None:
    data_dir, night = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
    with Store(data_dir / "nightdesk.db").reading() as connection:
        rows = connection.execute(select(items.c.title, items.c.text).where(items.c.news_night == night)).all()
    embedder = Embedder(data_dir / "models")
    started = time.perf_counter()
    embedder.embed([embedded_text(row.title, row.text) for row in rows])
    print(json.dumps({"count": len(rows), "seconds": time.perf_counter() - started}))


if __name__ == "__main__":
    main()
