"""The migrated database is what the tables in code say; opening it is all or nothing."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, MetaData, Table, UniqueConstraint, inspect, text
from sqlalchemy.types import TypeDecorator, TypeEngine

from core.errors import StoreError
from kb import migrations
from kb.schema import metadata
from kb.store import Store


def _reflected(store: Store) -> MetaData:
    found = MetaData()
    with store.reading() as connection:
        found.reflect(connection, only=lambda name, _: "_fts" not in name and name != "items_terms")
    found.remove(found.tables["migrations"])
    return found


def _stored_type(declared: TypeEngine[object]) -> str:
    plain = declared.impl if isinstance(declared, TypeDecorator) else declared
    return str(plain.__visit_name__).upper().replace("LARGE_BINARY", "BLOB")


def _columns(table: Table) -> dict[str, tuple[str, bool, bool]]:
    return {c.name: (_stored_type(c.type), bool(c.nullable), c.primary_key) for c in table.columns}


def _uniques(table: Table) -> set[tuple[str, ...]]:
    constraints = (constraint for constraint in table.constraints if isinstance(constraint, UniqueConstraint))
    return {tuple(column.name for column in constraint.columns) for constraint in constraints}


def _declared_uniques(table: Table) -> set[tuple[str, ...]]:
    return _uniques(table) | {(column.name,) for column in table.columns if column.unique}


def test_migrated_database_has_the_tables_in_code(store: Store) -> None:
    assert set(_reflected(store).tables) == set(metadata.tables)


@pytest.mark.parametrize("name", sorted(metadata.tables))
def test_migrated_table_has_the_columns_in_code(store: Store, name: str) -> None:
    assert _columns(_reflected(store).tables[name]) == _columns(metadata.tables[name])


@pytest.mark.parametrize("name", sorted(metadata.tables))
def test_migrated_table_has_the_constraints_in_code(store: Store, name: str) -> None:
    made, declared = _reflected(store).tables[name], metadata.tables[name]
    assert _uniques(made) == _declared_uniques(declared)
    assert {index.name for index in made.indexes} == {index.name for index in declared.indexes}
    assert {key.target_fullname for key in made.foreign_keys} == {key.target_fullname for key in declared.foreign_keys}


def _schema(store: Store) -> list[tuple[object, ...]]:
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT name, sql, rootpage FROM sqlite_master"))]


def test_migrating_again_changes_nothing(store: Store) -> None:
    before = _schema(store)
    with store.writing() as connection:
        migrations.migrate(connection)
    again = Store(store.path)
    assert _schema(again) == before
    again.close()


def _half_a_step(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE lanterns (id INTEGER)"))
    connection.execute(text("CREATE TABLE lanterns (id INTEGER)"))


def test_failing_step_leaves_nothing_and_no_record(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _schema(store)
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, _half_a_step))
    with pytest.raises(StoreError, match="lanterns"):
        Store(store.path)
    assert _schema(store) == before
    with store.reading() as connection:
        recorded = list(connection.execute(text("SELECT name FROM migrations")).scalars())
    assert recorded == [step.__name__ for step in migrations.STEPS[:-1]]


def test_failing_first_step_leaves_an_empty_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "STEPS", (_half_a_step,))
        with pytest.raises(StoreError):
            Store(tmp_path / "new.db")
    whole = Store(tmp_path / "new.db")
    assert set(_reflected(whole).tables) == set(metadata.tables)
    whole.close()


def test_later_step_runs_once_on_a_store_that_exists(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def add_lanterns(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE lanterns (id INTEGER)"))

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, add_lanterns))
    for _ in range(2):
        opened = Store(store.path)
        with opened.reading() as connection:
            assert inspect(connection).has_table("lanterns")
        opened.close()
