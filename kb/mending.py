"""The index of words made anew where it is not what it should be."""

from sqlalchemy.exc import DatabaseError

from core.errors import StoreError
from kb.store import Store


def mend_words(store: Store) -> bool:
    """Make the index of words anew where it does not hold what the items and passages say; return whether it did."""
    mended = False
    for table in ("items_fts", "passages_fts"):
        try:
            with store.writing() as connection:
                connection.exec_driver_sql(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
        except (DatabaseError, StoreError):
            with store.writing() as connection:
                connection.exec_driver_sql(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")
            mended = True
    return mended
