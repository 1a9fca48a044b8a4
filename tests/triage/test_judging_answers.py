"""What still counts of an answer that did not fit its form, after its repair."""

import json
from typing import Any

from core.lm import Completion, Stop, ToolCall, Unsubmitted, Why
from triage.judging_answers import entries

IDS = ("bcdf", "ghjk", "mnpq")


def entry(id_: str, score: Any = 7, **changed: Any) -> dict[str, Any]:
    return {"id": id_, "belongs": True, "score": score, "reason": "It counts trams."} | changed


def answer(*given: Any, stop: Stop = "tools") -> Completion:
    return Completion("[]", tool_calls=(ToolCall("t1", "submit", json.dumps({"rulings": given})),), stop=stop)


def left(*answers: Completion, why: Why = "invalid") -> dict[str, int]:
    return {letters: one.score for letters, one in entries(Unsubmitted(why, "", answers), IDS).items()}


def test_valid_entries_of_both_answers_count_the_later_first() -> None:
    first = answer(entry("bcdf", 3), entry("ghjk", None), entry("zzzz"))
    assert left(first, answer(entry("bcdf", 4), entry("mnpq", None))) == {"bcdf": 4}
    assert left(first, answer(entry("ghjk", 5))) == {"bcdf": 3, "ghjk": 5}
    assert left(answer(entry("GHJK ", "5"), 7, None)) == {"ghjk": 5}


def test_score_beyond_the_scale_spoils_its_answer() -> None:
    spoiling: tuple[Any, ...] = (85, 7.5, 0.8, 1.0, "7.5", "8/10", -1)
    for score in spoiling:
        assert left(answer(entry("bcdf"), entry("ghjk", score))) == {}
    missing: tuple[Any, ...] = (None, "", "many", [7])
    for score in missing:
        assert left(answer(entry("bcdf"), entry("ghjk", score))) == {"bcdf": 7}


def test_case_answered_twice_is_not_answered() -> None:
    assert left(answer(entry("bcdf", 7), entry("bcdf", 7), entry("ghjk"))) == {"ghjk": 7}
    assert left(answer(entry("bcdf", 7), entry("bcdf", "none"), entry("ghjk"))) == {"ghjk": 7}


def test_cut_refused_and_ambiguous_answers_hold_nothing() -> None:
    assert left(answer(entry("bcdf"), stop="length")) == {}
    assert left(answer(entry("bcdf"), stop="refused")) == {}
    assert left(answer(entry("bcdf")), answer(), why="ambiguous") == {}
    both = answer(entry("bcdf"))
    assert left(Completion("[]", tool_calls=both.tool_calls * 2)) == {}
    assert left(Completion("[]", text="no call")) == {}
    assert left(Completion("[]", tool_calls=(ToolCall("t1", "submit", '{"rulings": [{"id'),))) == {}
