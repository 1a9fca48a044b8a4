"""Processes that write and read one base at once.

A writer tells works of its own, tells others' again with new words, embeds and drains. A reader searches, and compares
what one connection sees: words and items, vectors and what waits for one.
"""

import random
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from core.ports import silent
from kb.index import Index
from kb.search import Search
from kb.store import Store
from kb.vectors import embed_pending
from tests.apart import SERVER
from tests.kb.sameness import Sums, differences
from tests.kb.shelf import made, remember

_WORDS = "owl moth lantern kettle arch paddy lemma viaduct steam tactic snow harvest".split()
_SHARED = 20


def write(folder: Path, name: str, seconds: float) -> Counter[str]:
    """Tell works until the time is over; return how many."""
    store, index = Store(folder / "nightdesk.db"), Index(folder / "chroma")
    chance, told = random.Random(name), Counter[str]()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        text = " ".join(chance.choices(_WORDS, k=40))
        own = range(told["new"], told["new"] + 5)
        remember(store, *(made(f"{name}-{number}", f"{chance.choice(_WORDS)} {number}", text) for number in own))
        told["new"] += len(own)
        shared = made(f"shared-{chance.randrange(_SHARED)}", "A work that both tell", text)
        remember(store, shared)
        remember(store, replace(shared, title=f"Told again by {name}"), novelty="changed")
        told["changed"] += 2
        told["embedded"] += embed_pending(store, Sums, silent)
        told["drained"] += index.drain(store)
    store.close()
    return told


def read(folder: Path, name: str, seconds: float) -> Counter[str]:
    """Search until the time is over; return how often, and what did not fit together."""
    store, chance, told, held = Store(folder / "nightdesk.db"), random.Random(name), Counter[str](), 0
    search = Search(store, Index(folder / "chroma"), Sums)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = search.find(" ".join(chance.choices(_WORDS, k=3)))
        told["searches"] += 1
        told["doubled hits"] += len(found.hits) - len({hit.item.id for hit in found.hits})
        told["warnings beside what waits"] += sum("for want of a vector" not in line for line in found.warnings)
        now = _torn(store, told)
        told["items that went away"] += max(held - now, 0)
        held = now
    store.close()
    return told


def _torn(store: Store, told: Counter[str]) -> int:
    """Count what one connection sees and does not fit together; return how many items it sees."""
    with store.reading() as connection:
        items, words, covered = connection.exec_driver_sql(
            "SELECT (SELECT count(*) FROM items), (SELECT count(*) FROM items_fts_docsize),"
            " (SELECT count(*) FROM (SELECT item_id FROM pending UNION SELECT item_id FROM vectors))"
        ).one()
    told["states torn"] += not items == words == covered
    return int(items)


def together(folder: Path, seconds: float, *, writers: int = 2, readers: int = 4) -> tuple[Counter[str], list[str]]:
    """Let them all work at once; return what they told together, and what is wrong afterwards."""
    Store(folder / "nightdesk.db").close()
    roles = [(write, f"writer{n}") for n in range(writers)] + [(read, f"reader{n}") for n in range(readers)]
    with ProcessPoolExecutor(len(roles), SERVER) as pool:
        working = [pool.submit(role, folder, name, seconds) for role, name in roles]
    wrong = [repr(error) for one in working if (error := one.exception())]
    told = sum((one.result() for one in working if not one.exception()), Counter[str]())
    return told, [*wrong, *_afterwards(folder, told)]


def _afterwards(folder: Path, told: Counter[str]) -> list[str]:
    store, index = Store(folder / "nightdesk.db"), Index(folder / "chroma")
    embed_pending(store, Sums, silent)
    index.drain(store)
    wrong = differences(store, index, "sums")
    with store.reading() as connection:
        own = connection.exec_driver_sql("SELECT count(*) FROM items WHERE id NOT LIKE '%/shared-%'").scalar()
        twice = connection.exec_driver_sql("SELECT count(*) - count(DISTINCT item_id) FROM sightings").scalar()
    store.close()
    if own != told["new"] or twice:
        wrong.append(f"{told['new']} works were told, {own} are stored, {twice} rows are doubled")
    return wrong
