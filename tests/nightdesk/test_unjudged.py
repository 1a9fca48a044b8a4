"""What a model was to judge and did not is told: in the places that are left, then in a list."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from core.judged import Story
from core.types import Subject, Verdict
from nightdesk.judging import UNJUDGED, UNSCORED, count_unscored, delivered, listed, places_left

SUBJECTS = (Subject("owls", "Owls", max_items=3), Subject("trams", "Trams", max_items=1))
_KEYS = st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(("owls", "trams")))
_JUDGED = st.dictionaries(_KEYS, st.tuples(st.booleans(), st.sampled_from((0.1, 0.2, 0.9))))


def verdicts_of(judged: dict[tuple[str, str], tuple[bool, float]]) -> list[Verdict]:
    return [Verdict(*key, "kept" if kept else "dropped", score, "why") for key, (kept, score) in judged.items()]


def test_the_likeliest_take_the_places_that_are_left_and_the_others_are_listed() -> None:
    verdicts = [
        Verdict("a", "owls", "kept", 0.9, "why"),
        Verdict("b", "owls", "kept", 0.8, "why"),
        *(Verdict(name, "owls", "dropped", score, "why") for name, score in (("c", 0.1), ("d", 0.3), ("e", 0.2))),
        Verdict("f", "owls", "dropped", 0.4, "judged and dropped"),
    ]
    told = delivered(verdicts, {("c", "owls"), ("d", "owls"), ("e", "owls")}, Counter({"owls": 1}))
    assert told[:2] + told[5:] == verdicts[:2] + verdicts[5:]
    assert told[3] == Verdict("d", "owls", "kept", 0.0, f"{UNSCORED}; why")
    assert told[2].reason == told[4].reason == f"{UNJUDGED}; why"
    assert listed(told) == {("c", "owls"), ("e", "owls")}
    assert count_unscored(told) == 3


def test_stories_take_places_not_items() -> None:
    verdicts = [Verdict(name, "owls", "kept", 0.9, "why") for name in "abc"]
    stories = [Story("one", ("a", "b")), Story("two", ("c",))]
    assert places_left(verdicts, stories, SUBJECTS) == {"owls": 1, "trams": 1}


@given(_JUDGED, st.sets(_KEYS))
def test_nothing_unjudged_is_lost_and_no_subject_is_flooded(
    judged: dict[tuple[str, str], tuple[bool, float]], unjudged: set[tuple[str, str]]
) -> None:
    verdicts = verdicts_of(judged)
    stories = [Story(name, (name,)) for name in "abcdefgh"]
    told = delivered(verdicts, unjudged, places_left(verdicts, stories, SUBJECTS))
    before, after = _kept(verdicts), _kept(told)
    assert before <= after
    for subject in SUBJECTS:
        clear, all_kept = (sum(slug == subject.slug for _, slug in kept) for kept in (before, after))
        assert all_kept <= max(clear, subject.max_items)
    assert after - before | listed(told) == {key for key in judged if key in unjudged} - before


def _kept(verdicts: list[Verdict]) -> set[tuple[str, str | None]]:
    return {(verdict.item_id, verdict.subject) for verdict in verdicts if verdict.decision == "kept"}
