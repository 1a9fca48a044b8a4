"""Writers and readers of one base at once; ``python -m benchmarks.together`` lets them for a minute."""

from pathlib import Path

from tests.kb.crowd import together

WRONG = ("doubled hits", "warnings beside what waits", "states torn", "items that went away")


def test_two_writers_and_four_readers_disturb_nobody(tmp_path: Path) -> None:
    told, wrong = together(tmp_path, 3)
    assert wrong == []
    assert {what: told[what] for what in WRONG} == dict.fromkeys(WRONG, 0)
    assert told["new"]
    assert told["searches"]
