"""The id of a base: its own, and the same wherever its folder lies."""

import shutil
from pathlib import Path

from kb.base import base_id
from kb.store import Store


def _id(folder: Path) -> str:
    store = Store(folder / "nightdesk.db")
    with store.reading() as connection:
        found = base_id(connection)
    store.close()
    return found


def test_two_bases_have_two_ids(tmp_path: Path) -> None:
    assert _id(tmp_path / "one") != _id(tmp_path / "other")


def test_base_that_is_moved_keeps_its_id(tmp_path: Path) -> None:
    former = _id(tmp_path / "here")
    assert _id(Path(shutil.move(tmp_path / "here", tmp_path / "there"))) == former
