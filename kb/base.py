"""Which base this is."""

from sqlalchemy import Connection, select

from kb.schema import base


def base_id(connection: Connection) -> str:
    """Return the id that a base got when it was made, and keeps wherever its folder is moved."""
    found: str = connection.execute(select(base.c.id)).scalar_one()
    return found
