"""A store and an index of one's own for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.index import Index
from kb.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "nightdesk.db")
    yield opened
    opened.close()


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path / "chroma")
