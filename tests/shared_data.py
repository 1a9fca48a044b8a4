"""Recorded data of the outside world, where a checkout has it beside the repository."""

import os
from pathlib import Path

import pytest


def shared_data() -> Path:
    """Return the folder of recorded data, or skip the test; NIGHTDESK_SHARED_DATA names another place."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("NIGHTDESK_SHARED_DATA", beside))
    if not folder.is_dir():
        pytest.skip(f"no recorded data at {folder}")
    return folder
