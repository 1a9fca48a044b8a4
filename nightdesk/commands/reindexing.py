"""``reindex``: the knowledge base made ready to be asked."""

from pathlib import Path

from core.errors import StoreError
from kb.mending import mend_words
from kb.vector_rows import count_pending
from kb.vectors import embed_pending, use_model
from nightdesk.config import find_config, load_config
from nightdesk.output import print_json, progress, say
from nightdesk.wiring import Desk


def reindex(config: Path | None, *, as_json: bool) -> None:
    """Give every item a vector of the configured model and fill the index; a run that was stopped goes on where it was.

    Raises EmbedderError when there is no model, StoreError when the disk refuses.
    """
    desk = Desk(load_config(find_config(config)))
    with progress() as told:
        told("checking the index of words")
        mend_words(desk.store)
        use_model(desk.store, desk.embedder)
        embedded = embed_pending(desk.store, lambda: desk.embedder, told)
        indexed = desk.index.rebuild(desk.store, told)
    with desk.store.searching() as connection:
        left, state = count_pending(connection), desk.index.state(connection)
    numbers = {"model": desk.embedder.name, "embedded": embedded, "indexed": indexed, "vectors": desk.index.count()}
    if left or state not in ("whole", "empty"):
        raise StoreError(f"the index is {state}, and {left} items wait: something else writes; run it again")
    if as_json:
        print_json(numbers)
        return
    model = desk.embedder.name
    say(f"{embedded} items embedded with {model}, {indexed} indexed; the index holds {numbers['vectors']}")
