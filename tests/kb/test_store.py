"""Opening the store, and what readers and writers see of one another."""

from pathlib import Path

import pytest
from sqlalchemy import text

from core.errors import StoreError
from kb.items import count_items
from kb.store import Store
from tests.kb.shelf import made, remember


def test_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "nightdesk.db").write_text("a shopping list\n" * 500)
    with pytest.raises(StoreError, match=r"nightdesk\.db") as caught:
        Store(tmp_path / "nightdesk.db")
    assert "\n" not in str(caught.value)


def test_folder_below_a_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StoreError, match="taken") as caught:
        Store(tmp_path / "taken" / "data" / "nightdesk.db")
    assert "\n" not in str(caught.value)


def test_folder_in_place_of_the_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "nightdesk.db").mkdir()
    with pytest.raises(StoreError, match=r"nightdesk\.db"):
        Store(tmp_path / "nightdesk.db")


@pytest.mark.parametrize("name", ["what?", "50%20off", "a#b", "mode=ro&x", "ключ 字"])
def test_folder_name_with_marks_is_kept(tmp_path: Path, name: str) -> None:
    store = Store(tmp_path / name / "nightdesk.db")
    remember(store, made("owls"))
    store.close()
    assert (tmp_path / name / "nightdesk.db").stat().st_size > 0
    assert {path.name for path in tmp_path.iterdir()} == {name}


def test_writes_happen_together_or_not_at_all(store: Store) -> None:
    def write_and_fail() -> None:
        with store.writing() as connection:
            connection.execute(text("INSERT INTO changes (item_id) VALUES ('a')"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM changes")).scalar() == 0


def test_reader_sees_one_state_while_another_writes(store: Store) -> None:
    with store.reading() as connection:
        assert count_items(connection) == 0
        remember(store, made("owls"))
        assert count_items(connection) == 0
    with store.reading() as connection:
        assert count_items(connection) == 1


def test_writer_that_reads_first_waits_for_another(store: Store) -> None:
    other = Store(store.path)
    with store.writing() as connection:
        assert count_items(connection) == 0
        with pytest.raises(StoreError, match="locked"), _impatient(other).writing() as second:
            second.execute(text("INSERT INTO changes (item_id) VALUES ('b')"))
        connection.execute(text("INSERT INTO changes (item_id) VALUES ('a')"))
    with other.reading() as connection:
        assert list(connection.execute(text("SELECT item_id FROM changes")).scalars()) == ["a"]
    other.close()


def _impatient(store: Store) -> Store:
    """Let the store's one pooled connection wait for nothing."""
    with store.reading() as connection:
        connection.execute(text("PRAGMA busy_timeout = 0"))
    return store


def test_what_is_noted_is_written_at_once(store: Store) -> None:
    remember(store, made("owls"))
    other = Store(store.path)
    with store.noting() as connection:
        connection.execute("UPDATE items SET title = 'Kettles'")
        with other.searching() as reader:
            assert reader.execute("SELECT title FROM items").fetchall() == [("Kettles",)]
    other.close()


def test_note_that_cannot_be_written_is_one_line(store: Store) -> None:
    refused = pytest.raises(StoreError, match=r"cannot write to .*nightdesk\.db: no such table: lanterns")
    with refused, store.noting() as connection:
        connection.execute("INSERT INTO lanterns VALUES (1)")
    remember(store, made("owls"))
