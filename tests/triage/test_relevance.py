"""The shortlist: the cap holds, everything has a verdict and a reason, and ranks are true."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import Item, Match, Sighting, Story, Subject, Verdict
from triage.relevance import shortlist

TRAMS = Subject("trams", "Tram networks", max_items=2)
OWLS = Subject("owls", "Owls", max_items=2)
SEEN = Sighting("Parchment cs.ZT", "https://parchment.example/1", None)


def item(name: str, text: str = "Something is said.") -> Item:
    return Item(name, "paper", f"On {name}", f"https://lantern.example/{name}", text)


def fit(score: float, subject: str = "trams") -> Match:
    return Match(subject, score, "close to its description")


def judge(
    matches: Mapping[str, Sequence[Match]],
    told: Sequence[Story] | None = None,
    sightings: Mapping[str, Sequence[Sighting]] | None = None,
    subjects: Sequence[Subject] = (TRAMS, OWLS),
) -> tuple[Verdict, ...]:
    """Return the verdicts on one paper for each name in ``matches``, each a story of its own unless told otherwise."""
    items = {name: item(name) for name in matches}
    alone = [Story(name, (name,)) for name in matches]
    return shortlist(subjects, items, alone if told is None else told, matches, sightings or {})


def kept(verdicts: Sequence[Verdict], subject: str = "trams") -> list[str]:
    return [v.item_id for v in verdicts if v.subject == subject and v.decision == "kept"]


def score(*sightings: Sighting, text: str = "Something is said.", match: float = 0.7) -> float:
    (verdict,) = shortlist([TRAMS], {"a": item("a", text)}, [Story("a", ("a",))], {"a": [fit(match)]}, {"a": sightings})
    return verdict.score


def test_best_stories_are_kept_and_ranked() -> None:
    verdicts = judge({"c": [fit(0.6)], "a": [fit(0.9)], "b": [fit(0.7)]})
    assert [(v.item_id, v.decision, v.score) for v in verdicts] == [
        ("a", "kept", 0.9),
        ("b", "kept", 0.7),
        ("c", "dropped", 0.6),
    ]
    assert verdicts[0].reason == "Close to its description (1st of 3 in Tram networks)"
    assert verdicts[2].reason == "ranked 3 of 3 in Tram networks, which keeps 2"


def test_equal_scores_are_ranked_by_id() -> None:
    assert kept(judge({"c": [fit(0.7)], "b": [fit(0.7)], "a": [fit(0.7)]})) == ["a", "b"]


def test_story_is_kept_whole_and_counts_once() -> None:
    matches = {"a": [fit(0.9)], "b": [fit(0.8)], "c": [fit(0.7)], "d": [fit(0.51)]}
    told = [Story("a", ("a", "d")), Story("b", ("b",)), Story("c", ("c",))]
    assert kept(judge(matches, told)) == ["a", "b", "d"]


def test_item_is_judged_under_every_subject_it_fits() -> None:
    verdicts = judge({"a": [fit(0.9), fit(0.6, "owls")]})
    assert [(v.subject, v.decision) for v in verdicts] == [("trams", "kept"), ("owls", "kept")]


def test_item_that_fits_nothing_is_dropped_with_the_nearest_subject() -> None:
    (verdict,) = judge({"a": [Match("owls", 0.3, "near its description", band="out")]})
    reason = "fits no subject well enough: Owls comes nearest, at 0.30 of 0.50 (near its description)"
    assert verdict == Verdict("a", None, "dropped", 0.3, reason)


def test_item_without_subjects_is_dropped_with_a_reason() -> None:
    (verdict,) = judge({"a": []}, subjects=())
    assert verdict == Verdict("a", None, "dropped", 0.0, "no subject is configured")


def test_subject_that_keeps_none_drops_all() -> None:
    assert kept(judge({"a": [fit(0.9)]}, subjects=[replace(TRAMS, max_items=0)])) == []


def test_places_are_written_as_ordinals() -> None:
    many = {f"{n:02}": [fit(0.5)] for n in range(1, 25)}
    reasons = [v.reason for v in judge(many, subjects=[replace(TRAMS, max_items=30)])]
    places = [re.findall(r"\((\d+\w+) of 24", reason)[0] for reason in reasons]
    assert places[:4] == ["1st", "2nd", "3rd", "4th"]
    assert places[10:13] == ["11th", "12th", "13th"]
    assert places[20:] == ["21st", "22nd", "23rd", "24th"]


def voted(votes: int) -> Sighting:
    return replace(SEEN, facts=(("votes", str(votes)),))


def test_votes_raise_up_to_a_cap() -> None:
    scores = [score(voted(votes)) for votes in (0, 1, 10, 40, 10_000)]
    assert score(SEEN) == scores[0] < scores[1] < scores[2] < scores[3] <= scores[4] == pytest.approx(0.8)


def test_most_votes_of_several_sightings_count() -> None:
    assert score(voted(3), voted(12)) == score(voted(12), voted(3)) > score(voted(3), voted(3))


def test_cross_listing_lowers_unless_one_source_announced_it() -> None:
    crossed = replace(SEEN, announce_type="cross")
    assert score(crossed) < score(SEEN)
    assert score(crossed, SEEN) == score(SEEN, SEEN)


def test_further_sources_raise_up_to_a_cap() -> None:
    scores = [score(*[SEEN] * count) for count in (1, 2, 4, 9)]
    assert scores[0] < scores[1] < scores[2] == scores[3]
    assert score() == scores[0]


def test_item_without_text_is_lowered() -> None:
    assert score(SEEN, text="") < score(SEEN)


@pytest.mark.parametrize("match", [0.0, 0.01, 0.99, 1.0])
def test_score_stays_within_bounds(match: float) -> None:
    assert 0 <= score(replace(SEEN, announce_type="cross"), text="", match=match) <= 1
    assert 0 <= score(*[voted(10_000)] * 9, match=match) <= 1


NAMES = ("a", "b", "c", "d", "e", "f", "g", "h")
SCORES = st.floats(0, 1).map(lambda number: round(number, 2))
FACTS = st.integers(0, 99).map(lambda votes: (("votes", str(votes)),)) | st.just(())
TOLD = st.builds(
    Sighting,
    st.sampled_from(["Parchment", "Lantern Labs"]),
    st.just("https://lantern.example"),
    st.none(),
    st.sampled_from(["new", "cross", "replace"]),
    FACTS,
)
FITS = st.dictionaries(st.sampled_from(["trams", "owls"]), SCORES).map(
    lambda scores: tuple(fit(number, slug) for slug, number in scores.items()) or (replace(fit(0.1), band="out"),)
)


@given(
    matches=st.fixed_dictionaries(dict.fromkeys(NAMES, FITS)),
    group=st.fixed_dictionaries(dict.fromkeys(NAMES, st.integers(0, 4))),
    sightings=st.dictionaries(st.sampled_from(NAMES), st.lists(TOLD, max_size=3)),
    caps=st.tuples(st.integers(0, 5), st.integers(0, 5)),
)
def test_cap_verdicts_and_ranks_hold_for_any_night(
    matches: dict[str, tuple[Match, ...]],
    group: dict[str, int],
    sightings: dict[str, list[Sighting]],
    caps: tuple[int, int],
) -> None:
    subjects = (replace(TRAMS, max_items=caps[0]), replace(OWLS, max_items=caps[1]))
    members = [tuple(name for name in NAMES if group[name] == number) for number in range(5)]
    told = [Story(names[0], names) for names in members if names]
    verdicts = judge(matches, told, sightings, subjects)

    wanted = {(name, match.subject if match.fits else None) for name, found in matches.items() for match in found}
    assert sorted(map(str, wanted)) == sorted(str((v.item_id, v.subject)) for v in verdicts)
    assert all(verdict.reason and 0 <= verdict.score <= 1 for verdict in verdicts)
    for subject in subjects:
        _assert_ranked(subject, [v for v in verdicts if v.subject == subject.slug], group)


def _assert_ranked(subject: Subject, verdicts: Sequence[Verdict], group: Mapping[str, int]) -> None:
    """Require one rank a story, without gaps, true to the best score, and kept exactly up to the cap."""
    best: dict[int, float] = {}
    for verdict in verdicts:
        best[group[verdict.item_id]] = max(best.get(group[verdict.item_id], 0.0), verdict.score)
    ranks: dict[int, set[int]] = {}
    for verdict in verdicts:
        rank, total = map(int, re.findall(r"(\d+)\w* of (\d+) in", verdict.reason)[0])
        ranks.setdefault(rank, set()).add(group[verdict.item_id])
        assert total == len(best)
        assert (verdict.decision == "kept") == (rank <= subject.max_items)
    assert sorted(ranks) == list(range(1, len(best) + 1))
    ordered = [best[story] for rank in sorted(ranks) for story in ranks[rank]]
    assert len(ordered) == len(best)
    assert ordered == sorted(ordered, reverse=True)
