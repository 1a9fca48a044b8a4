"""Drain, reindex, import and migration, killed and taken up again: all that is derived is as the store says.

``python -m benchmarks.kills`` does so at thirty moments of each.
"""

import random
from pathlib import Path

import pytest

from tests.nightdesk.doomed import KINDS
from tests.nightdesk.kills import scene


@pytest.mark.parametrize("kind", KINDS)
def test_killed_work_is_taken_up_again(tmp_path: Path, kind: str) -> None:
    assert scene(kind, tmp_path, 150).kill(random.Random(kind).uniform(0.1, 0.9)).differs == []
