"""What a search loads, and that both ways to the store see the same."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from core.errors import StoreError
from kb.engine import driver_of
from kb.filters import Filter, Sieve
from kb.query import parse
from kb.store import Store
from kb.unchanged import Unchanged
from kb.vector_rows import last_change
from kb.words import search_words, telling_words
from tests.kb.shelf import made, remember

_OPENED = """
import sys
from pathlib import Path
from kb.index import Index
from kb.search import Search
from kb.store import Store
from kb.unchanged import Unchanged
folder = Path(sys.argv[1])
found = Search(Store(folder / "nightdesk.db"), Index(folder / "chroma"), lambda: 1 / 0).find("owls")
print(*(hit.item.id for hit in found.hits), *({"sqlalchemy", "chromadb"} & set(sys.modules)))
"""


def test_search_of_a_base_that_exists_loads_no_sqlalchemy(tmp_path: Path) -> None:
    store = Store(tmp_path / "nightdesk.db")
    remember(store, owls := made("owls", "Barn owls", "They hear mice."))
    store.close()
    done = subprocess.run([sys.executable, "-c", _OPENED, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [owls.id]


def test_search_sees_one_state_while_another_writes(store: Store) -> None:
    def count() -> int:
        return int(connection.execute("SELECT count(*) FROM items").fetchone()[0])

    with store.searching() as connection:
        assert count() == 0
        remember(store, made("owls"))
        assert count() == 0
    with store.searching() as connection:
        assert count() == 1


def test_search_sees_within_a_transaction_what_it_wrote(store: Store) -> None:
    with store.writing() as connection:
        before = last_change(driver_of(connection))
        connection.execute(text("INSERT INTO changes (item_id) VALUES ('a')"))
        assert last_change(driver_of(connection)) == before + 1


def test_searches_at_once_have_a_connection_each(store: Store) -> None:
    with store.searching() as one, store.searching() as other:
        assert one is not other
    with store.searching() as again:
        assert again in (one, other)


def test_store_that_cannot_be_read_is_one_line(store: Store) -> None:
    with pytest.raises(StoreError, match=r"nightdesk\.db.*no such table") as caught, store.searching() as connection:
        connection.execute("SELECT * FROM lanterns")
    assert "\n" not in str(caught.value)
    with store.searching() as connection:
        assert not connection.execute("SELECT seq FROM items").fetchall()


def _through(sieve: Sieve, store: Store, wanted: Filter) -> list[int]:
    with store.searching() as connection:
        found = sieve.allowed(connection, wanted, parse("owls"))
    assert found is not None
    return list(found.tolist())


def test_filter_is_asked_anew_when_another_process_wrote(store: Store) -> None:
    sieve, posts = Sieve(), Filter(kind=made("owls").kind)
    remember(store, made("owls"))
    assert _through(sieve, store, posts) == [1]
    other = Store(store.path)
    remember(other, made("kettles"))
    other.close()
    assert _through(sieve, store, posts) == [1, 2]
    assert _through(sieve, store, Filter(kind="release")) == []
    assert _through(sieve, store, posts) == [1, 2]


def test_filter_is_not_asked_again_while_nobody_writes(store: Store) -> None:
    sieve, posts, asked = Sieve(), Filter(kind=made("owls").kind), list[str]()
    remember(store, made("owls"))
    _through(sieve, store, posts)
    with store.searching() as connection:
        connection.set_trace_callback(asked.append)
        assert sieve.allowed(connection, posts, parse("owls")) is not None
        connection.set_trace_callback(None)
    assert not [statement for statement in asked if "items" in statement]


def _counted(kept: Unchanged[str, int], store: Store, typed: str) -> dict[str, int]:
    with store.searching() as connection:
        search_words(connection, parse(typed), counted=kept.of(connection))
        return dict(kept.of(connection))


def test_words_are_counted_anew_when_another_process_wrote(store: Store) -> None:
    kept: Unchanged[str, int] = Unchanged(10)
    remember(store, made("owls"))
    assert _counted(kept, store, "owls kettles") == {"owl": 1, "kettl": 0}
    other = Store(store.path)
    remember(other, made("owls too"))
    other.close()
    assert _counted(kept, store, "owls") == {"owl": 2}


def test_word_is_counted_once_while_nobody_writes(store: Store) -> None:
    kept, asked = Unchanged[str, int](10), list[str]()
    remember(store, made("owls"))
    _counted(kept, store, "owls kettles")
    with store.searching() as connection:
        connection.set_trace_callback(asked.append)
        search_words(connection, parse("kettles owls"), counted=kept.of(connection))
        connection.set_trace_callback(None)
    assert not [statement for statement in asked if "items_terms" in statement]


def test_no_more_is_kept_than_there_is_room_for(store: Store) -> None:
    kept: Unchanged[str, int] = Unchanged(2)
    remember(store, made("owls"))
    assert len(_counted(kept, store, "owls kettles")) == 0
    assert _counted(kept, store, "owls") == {"owl": 1}


def test_words_are_known_in_the_process_that_made_the_store(store: Store) -> None:
    remember(store, made("owls", "Barn owls", "They hear mice."))
    with store.searching() as connection:
        assert set(telling_words(connection, parse("What do owls hear?"))) == {"owls", "hear"}
        assert search_words(connection, parse("owls")).seqs.tolist() == [1]
