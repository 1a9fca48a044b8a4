"""The shortlist: the cap holds, everything has a verdict and a reason, ranks are true, and votes turn it."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.earlier import Earlier, Familiar
from core.judged import Match, Story
from core.types import Item, Opinion, Sighting, Subject, Verdict, Vote
from tests.triage.shelf import OWLS, SAID, SEEN, TRAMS, Vectors, fits, item, said, unit
from triage.candidates import Evidence
from triage.relevance import shortlist
from triage.taste import Voted

EAST, NORTH, UP = unit(1, 0, 0), unit(0, 1, 0), unit(0, 0, 1)


def judge(
    evidence: Evidence,
    told: Sequence[Story] | None = None,
    subjects: Sequence[Subject] = (TRAMS, OWLS),
    items: Mapping[str, Item] | None = None,
) -> tuple[Verdict, ...]:
    """Return the verdicts on one paper for each matched name, each a story of its own unless told otherwise."""
    known = items or {name: item(name) for name in evidence.matches}
    alone = [Story(name, (name,)) for name in known]
    return shortlist(subjects, known, alone if told is None else told, evidence)


def matched(matches: Mapping[str, Sequence[Match]]) -> tuple[Verdict, ...]:
    return judge(Evidence(matches))


def kept(verdicts: Sequence[Verdict], subject: str = "trams") -> list[str]:
    return [v.item_id for v in verdicts if v.subject == subject and v.decision == "kept"]


def the_one(evidence: Evidence, subject: Item | None = None) -> Verdict:
    (verdict,) = judge(evidence, subjects=[TRAMS], items={"a": subject} if subject else None)
    return verdict


def score(*sightings: Sighting, of: Item | None = None, match: float = 0.7) -> float:
    return the_one(Evidence({"a": [fits(match)]}, {"a": sightings}), of).score


def test_best_stories_are_kept_and_ranked() -> None:
    verdicts = matched({"c": [fits(0.6)], "a": [fits(0.9)], "b": [fits(0.7)]})
    assert [(v.item_id, v.decision) for v in verdicts] == [("a", "kept"), ("b", "kept"), ("c", "dropped")]
    assert verdicts[0].score > verdicts[1].score > verdicts[2].score > 0.5
    assert verdicts[0].reason == "Clearly of Tram networks: close to its description (1st of 3)"
    assert verdicts[2].reason == "ranked 3rd of 3 in Tram networks, which keeps 2"


def unsure(score: float, subject: str = "trams") -> Match:
    return replace(fits(score, subject), band="uncertain")


def test_match_that_is_wrong_more_often_than_twice_in_three_is_not_kept() -> None:
    low, high = matched({"a": [unsure(0.32)], "b": [unsure(0.34)]})[::-1]
    assert (high.item_id, high.decision) == ("b", "kept")
    assert (low.item_id, low.decision) == ("a", "dropped")
    assert low.reason == "too unsure to be of Tram networks, at 0.32 (close to its description)"
    assert "(1st of 1)" in high.reason


def test_attention_makes_up_for_sureness_under_the_best_subject_only() -> None:
    seen = {"a": [voted(40)]}
    verdicts = judge(Evidence({"a": [unsure(0.2), unsure(0.19, "owls")]}, seen))
    assert {(v.subject, v.decision) for v in verdicts} == {("trams", "kept"), ("owls", "dropped")}


def test_unsure_item_is_kept_with_the_story_it_belongs_to() -> None:
    verdicts = judge(Evidence({"a": [fits(0.9)], "b": [unsure(0.1)]}), [Story("a", ("a", "b"))])
    assert [v.decision for v in verdicts] == ["kept", "kept"]


def test_equal_scores_are_ranked_by_id() -> None:
    assert kept(matched({"c": [fits(0.7)], "b": [fits(0.7)], "a": [fits(0.7)]})) == ["a", "b"]


def test_uncertain_match_ranks_after_clear_ones_and_says_so() -> None:
    unsure = replace(fits(0.7), band="uncertain")
    verdicts = matched({"a": [unsure], "b": [fits(0.6)]})
    assert kept(verdicts) == ["b", "a"]
    assert verdicts[1].reason == "May be of Tram networks: close to its description (2nd of 2)"


def test_uncertain_match_ranks_first_where_much_else_speaks_for_it() -> None:
    matches = {"a": [replace(fits(0.5), band="uncertain")], "b": [fits(0.6)]}
    assert kept(judge(Evidence(matches, {"a": [voted(90)], "b": [SEEN]}))) == ["a", "b"]


def test_story_is_kept_whole_and_counts_once() -> None:
    matches = {"a": [fits(0.9)], "b": [fits(0.8)], "c": [fits(0.7)], "d": [fits(0.51)]}
    told = [Story("a", ("a", "d")), Story("b", ("b",)), Story("c", ("c",))]
    assert kept(judge(Evidence(matches), told)) == ["a", "b", "d"]


def test_attention_to_one_item_lifts_its_whole_story() -> None:
    told = [Story("a", ("a", "b"))]
    matches = {"a": [fits(0.7)], "b": [fits(0.7)]}
    alone = judge(Evidence(matches, {"a": [SEEN]}), told)
    noticed = judge(Evidence(matches, {"a": [SEEN], "b": [voted(40)]}), told)
    assert all(after.score > before.score for before, after in zip(alone, noticed, strict=True))


def test_item_is_judged_under_every_subject_it_fits() -> None:
    verdicts = matched({"a": [fits(0.9), fits(0.6, "owls")]})
    assert [(v.subject, v.decision) for v in verdicts] == [("trams", "kept"), ("owls", "kept")]


def test_item_that_fits_nothing_is_dropped_with_the_nearest_subject() -> None:
    (verdict,) = matched({"a": [Match("owls", 0.3, "near its description", band="out")]})
    reason = "fits no subject: Owls comes nearest, at 0.30 (near its description)"
    assert verdict == Verdict("a", None, "dropped", 0.3, reason)


def test_match_with_a_subject_that_is_no_more_is_none() -> None:
    (verdict,) = matched({"a": [fits(0.9, "bygone")]})
    assert (verdict.subject, verdict.decision) == (None, "dropped")


def test_item_without_subjects_is_dropped_with_a_reason() -> None:
    (verdict,) = judge(Evidence({"a": []}), subjects=())
    assert verdict == Verdict("a", None, "dropped", 0.0, "no subject is configured")


def test_item_that_was_not_matched_is_dropped_with_a_reason() -> None:
    (verdict,) = matched({"a": []})
    assert verdict == Verdict("a", None, "dropped", 0.0, "it was matched with no subject")


def test_subject_that_keeps_none_drops_all() -> None:
    assert kept(judge(Evidence({"a": [fits(0.9)]}), subjects=[replace(TRAMS, max_items=0)])) == []


def test_places_are_written_as_ordinals() -> None:
    many = {f"{n:02}": [fits(0.5)] for n in range(1, 25)}
    reasons = [v.reason for v in judge(Evidence(many), subjects=[replace(TRAMS, max_items=30)])]
    places = [re.findall(r"\((\d+\w+) of 24", reason)[0] for reason in reasons]
    assert places[:4] == ["1st", "2nd", "3rd", "4th"]
    assert places[10:13] == ["11th", "12th", "13th"]
    assert places[20:] == ["21st", "22nd", "23rd", "24th"]


def voted(votes: int) -> Sighting:
    return replace(SEEN, facts=(("votes", str(votes)),))


def test_readers_votes_elsewhere_raise_up_to_a_cap() -> None:
    scores = [score(voted(votes)) for votes in (0, 1, 10, 40, 10_000, 10_000_000)]
    assert score(SEEN) == scores[0] < scores[1] < scores[2] < scores[3] < scores[4] == scores[5] < 1


def test_most_votes_of_several_sightings_count() -> None:
    assert score(voted(3), voted(12)) == score(voted(12), voted(3)) > score(voted(3), voted(3))


def test_votes_that_are_no_number_are_none() -> None:
    assert score(replace(SEEN, facts=(("votes", "many"),))) == score(SEEN)


@pytest.mark.parametrize(
    ("kind", "reason"), [("cross", "cross-listed"), ("replace", "a new version"), ("replace-cross", "a new version")]
)
def test_what_no_source_tells_as_new_is_lowered(kind: str, reason: str) -> None:
    told = replace(SEEN, announce_type=kind)
    assert score(told) < score(SEEN)
    assert score(told, SEEN) == score(SEEN, SEEN)
    assert reason in the_one(Evidence({"a": [fits(0.7)]}, {"a": [told]})).reason


def test_new_ranks_before_cross_and_cross_before_replaced() -> None:
    scores = [score(replace(SEEN, announce_type=kind)) for kind in ("new", "cross", "replace", "replace-cross")]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4


def test_further_sites_raise_up_to_a_cap_and_further_lists_of_a_site_do_not() -> None:
    sites = [replace(SEEN, source=f"S{n}", url=f"https://s{n}.example/a") for n in range(9)]
    scores = [score(*sites[:count]) for count in (1, 2, 4, 9)]
    assert scores[0] < scores[1] < scores[2] == scores[3]
    assert score(SEEN, replace(SEEN, source="Parchment cs.ZZ")) == score(SEEN) == scores[0]


@pytest.mark.parametrize(("text", "reason"), [("", "told without a text"), ("A few words.", "told in a few words")])
def test_item_with_little_text_is_lowered(text: str, reason: str) -> None:
    verdict = the_one(Evidence({"a": [fits(0.7)]}), item("a", text, "post"))
    assert verdict.score < score()
    assert reason in verdict.reason
    assert score(of=item("a", text, "release")) == score()


def test_text_without_spaces_is_no_short_text() -> None:
    assert score(of=item("a", "字" * 400)) == score()


def test_what_was_told_before_is_lowered_and_named() -> None:
    before = Familiar(told=Earlier("x", "On points", 0.9, date(2031, 6, 11)))
    verdict = the_one(Evidence({"a": [fits(0.7)]}, familiar={"a": before}))
    assert verdict.score < score()
    assert "close to “On points”, told on 11 June" in verdict.reason


def test_long_titles_are_shortened_between_words() -> None:
    before = Familiar(told=Earlier("x", "Points and switches " * 9, 0.95, date(2031, 6, 11)))
    verdict = the_one(Evidence({"a": [fits(0.7)]}, familiar={"a": before}))
    assert re.search(
        r"close to “(Points and switches )+Points…”, told|close to “.*(switches|and)…”, told", verdict.reason
    )


def test_reason_tells_the_two_things_that_matter_most() -> None:
    told = [replace(voted(90), announce_type="cross")]
    before = Familiar(known=Earlier("x", "On points", 0.95, date(2031, 6, 11)))
    verdict = the_one(Evidence({"a": [fits(0.7)]}, {"a": told}, familiar={"a": before}))
    assert verdict.reason == (
        "Clearly of Tram networks: close to its description; 90 votes; "
        "close to “On points”, known since 11 June (1st of 1)"
    )


def test_second_on_the_same_trick_gives_way_and_says_to_which() -> None:
    matches = {"a": [fits(0.9)], "b": [fits(0.85)], "c": [fits(0.8)]}
    verdicts = judge(Evidence(matches, vectors={"a": EAST, "b": EAST, "c": UP}))
    assert kept(verdicts) == ["a", "c"]
    assert verdicts[1].reason == "ranked 2nd of 3 in Tram networks, but close to “On a”, which is kept"


TASTES = {"a": EAST, "b": NORTH, "c": UP}
THREE = {name: [fits(0.7)] for name in TASTES}


@pytest.mark.parametrize(("opinion", "order"), [("useful", ["c", "a"]), ("not_useful", ["a", "b"])])
def test_one_vote_turns_the_order(opinion: Opinion, order: list[str]) -> None:
    assert kept(judge(Evidence(THREE, vectors=TASTES))) == ["a", "b"]
    assert kept(judge(Evidence(THREE, vectors=TASTES, votes=[said(opinion, UP, "points")]))) == order


def test_reason_says_which_vote_did_it() -> None:
    liked = judge(Evidence(THREE, vectors=TASTES, votes=[said("useful", UP, "points")]))
    assert "like “On points”, which you found useful (1st of 3)" in liked[0].reason
    disliked = judge(Evidence(THREE, vectors=TASTES, votes=[said("not_useful", UP, "points")]))
    assert disliked[2].reason.endswith("which keeps 2; like “On points”, which was not useful")


def test_source_that_was_useful_lifts_what_it_tells() -> None:
    labs = replace(SEEN, source="Lantern Labs")
    votes = [said("useful", None, str(n), sources=("Lantern Labs",)) for n in range(9)]
    verdicts = judge(Evidence(THREE, {"c": [labs]}, votes=votes))
    assert kept(verdicts) == ["c", "a"]
    assert "from Lantern Labs, which is mostly useful to you" in verdicts[0].reason


def test_less_of_a_source_is_told_to_less_under_that_subject_alone() -> None:
    labs = {"a": [replace(SEEN, source="Lantern Labs")]}
    less = {"trams": {"Lantern Labs": ["ada"]}}
    verdicts = judge(Evidence(THREE, labs, unwanted=less))
    assert kept(verdicts) == ["b", "c"]
    assert verdicts[2].reason.endswith("; from Lantern Labs, of which a reader wants less")
    assert kept(judge(Evidence(THREE, labs, unwanted={"owls": less["trams"]}))) == ["a", "b"]


def test_item_of_the_wrong_subject_is_not_kept_under_it_and_takes_no_place() -> None:
    votes = [said("wrong_subject", None, "a"), said("useful", EAST, "a")]
    verdicts = judge(Evidence(THREE | {"a": [fits(0.9), fits(0.9, "owls")]}, votes=votes))
    assert kept(verdicts) == ["b", "c"]
    assert kept(verdicts, "owls") == ["a"]
    assert verdicts[0] == Verdict("a", "trams", "dropped", 0.0, "1 reader said that it is not of Tram networks")


def by(voter: str, opinion: Opinion) -> Voted:
    voted = said(opinion, None, "a")
    return replace(voted, vote=replace(voted.vote, voter=voter))


@pytest.mark.parametrize(
    ("opinions", "reason"),
    [
        (["wrong_subject", "useful", "useful"], None),
        (["useful"] * 3 + ["wrong_subject"] * 2, None),
        (["wrong_subject"] * 3 + ["useful"] * 2, "3 readers said that it is not of Tram networks"),
        (["wrong_subject", "not_useful"], "1 reader said that it is not of Tram networks"),
    ],
)
def test_most_readers_decide_of_which_subject_an_item_is(opinions: list[Opinion], reason: str | None) -> None:
    votes = [by(f"reader {place}", opinion) for place, opinion in enumerate(opinions)]
    verdict = the_one(Evidence({"a": [fits(0.7)]}, votes=votes))
    assert (verdict.decision, verdict.reason if reason else None) == ("dropped" if reason else "kept", reason)


def evident(evidence: str, *votes: Voted, match: Match | None = None) -> Verdict:
    """Return the verdict on an item with that evidence, all of whose votes are on what is like it."""
    found = replace(match or fits(0.9), evidence=evidence)
    return the_one(Evidence({"a": [found]}, vectors={"a": EAST}, votes=votes))


def test_reason_does_not_contradict_itself_on_votes() -> None:
    told = evident("near its description; lowered by votes on its like", said("useful", EAST, "a"))
    assert told.reason == "Clearly of Tram networks: near its description; you found it useful (1st of 1)"
    alone = evident("near its description; raised by votes on its like")
    assert "raised by votes on its like" in alone.reason


def test_reason_names_a_title_once() -> None:
    told = evident("like “On points; and rails”; near it", said("useful", EAST, "points; and rails"))
    assert told.reason == (
        "Clearly of Tram networks: near it; like “On points; and rails”, which you found useful (1st of 1)"
    )
    other = evident("like “On kettles”", said("useful", EAST, "points"))
    assert "like “On kettles”; like “On points”, which" in other.reason


def test_unsure_item_says_which_votes_lowered_it() -> None:
    match = replace(fits(0.5), band="uncertain")
    lowered = evident("near it; lowered by votes on its like", said("not_useful", EAST, "points"), match=match)
    assert lowered.reason == (
        "too unsure to be of Tram networks, at 0.50 (near it; like “On points”, which was not useful)"
    )


def test_outranked_item_says_what_speaks_for_it() -> None:
    matches = {"a": [fits(0.99)], "b": [fits(0.99)], "c": [unsure(0.4)]}
    seen = {"a": [voted(900)], "b": [voted(900)], "c": [replace(voted(118), announce_type="cross")]}
    assert judge(Evidence(matches, seen))[2].reason == (
        "ranked 3rd of 3 in Tram networks, which keeps 2, although 118 votes; cross-listed"
    )
    vectors, liked = dict.fromkeys("abc", EAST), [said("useful", EAST, "points")]
    assert "although 118 votes" in judge(Evidence(matches, seen, vectors, votes=liked))[2].reason
    few = judge(Evidence(matches, seen | {"c": [voted(2)]}))[2].reason
    assert few == "ranked 3rd of 3 in Tram networks, which keeps 2"


def test_votes_of_a_hundred_readers_outdo_a_fit_that_those_of_fifteen_do_not() -> None:
    matches = {"a": [fits(0.99)], "b": [fits(0.51)]}
    assert [v.item_id for v in judge(Evidence(matches, {"b": [voted(15)]}))] == ["a", "b"]
    assert [v.item_id for v in judge(Evidence(matches, {"b": [voted(118)]}))] == ["b", "a"]
    assert score(voted(118)) > score(voted(64))


def test_new_offer_of_a_known_model_takes_no_place_in_any_subject() -> None:
    offer = item("openrouter:lumen/lamp:free", kind="release", title="Lumen: Lamp (free)")
    before = Familiar(known=Earlier("openrouter:lumen/lamp", "Lumen: Lamp", 1.0, date(2031, 6, 11)))
    matches = {offer.id: [fits(0.9), fits(0.9, "owls")], "b": [fits(0.6)]}
    items = {offer.id: offer, "b": item("b")}
    verdicts = judge(Evidence(matches, familiar={offer.id: before}), items=items)
    assert [v.decision for v in verdicts] == ["dropped", "kept", "dropped"]
    assert verdicts[0].reason == "the model is known since 11 June; only its offer is new"
    assert verdicts[2].reason == verdicts[0].reason
    assert verdicts[1].reason.endswith("(1st of 1)")


def test_release_beside_another_model_is_no_mere_offer() -> None:
    release = item("openrouter:lumen/lamp-2:free", kind="release", title="Lumen: Lamp 2 (free)")
    before = Familiar(known=Earlier("openrouter:lumen/lamp", "Lumen: Lamp", 0.99, date(2031, 6, 11)))
    evidence = Evidence({release.id: [fits(0.9)]}, familiar={release.id: before})
    (verdict,) = judge(evidence, subjects=[TRAMS], items={release.id: release})
    assert verdict.decision == "kept"


def test_all_that_are_better_than_the_worst_kept_say_to_which_they_gave_way() -> None:
    near = {f"{place}": unit(1, 0, 0) for place in range(4)}
    matches = {name: [fits(0.9 - int(name) / 100)] for name in near} | {"z": [fits(0.8)]}
    verdicts = judge(Evidence(matches, vectors=near | {"z": UP}))
    assert kept(verdicts) == ["0", "z"]
    assert [v.reason for v in verdicts if v.decision == "dropped"] == [
        f"ranked {place} of 5 in Tram networks, but close to “On 0”, which is kept" for place in ("2nd", "3rd", "4th")
    ]


@pytest.mark.parametrize("match", [0.0, 0.01, 0.99, 1.0])
def test_score_stays_within_bounds(match: float) -> None:
    assert 0 <= score(replace(SEEN, announce_type="replace"), of=item("a", ""), match=match) <= 1
    assert 0 <= score(*[voted(10_000)] * 9, match=match) <= 1


def test_night_with_five_hundred_votes_is_judged_quickly() -> None:
    chance = np.random.default_rng(5)
    rows = [unit(*row) for row in chance.normal(size=(900, 384))]
    subjects = [Subject(f"s{n}", f"Subject {n}") for n in range(9)]
    items = {f"i{n:03}": item(f"i{n:03}") for n in range(400)}
    matches = {name: [fits(0.6, subject.slug) for subject in subjects] for name in items}
    votes = [said("useful" if n % 3 else "not_useful", rows[400 + n], f"v{n}", f"s{n % 9}") for n in range(500)]
    evidence = Evidence(matches, vectors=dict(zip(items, rows, strict=False)), votes=votes)
    started = time.process_time()
    assert len(judge(evidence, subjects=subjects, items=items)) == 3600
    assert time.process_time() - started < 5


NAMES = ("a", "b", "c", "d", "e", "f", "g", "h")
SCORES = st.floats(0, 1).map(lambda number: round(number, 2))
FACTS = st.integers(0, 99).map(lambda votes: (("votes", str(votes)),)) | st.just(())
TOLD = st.builds(
    Sighting,
    st.sampled_from(["Parchment", "Lantern Labs"]),
    st.just("https://lantern.example"),
    st.none(),
    st.sampled_from(["new", "cross", "replace", "odd"]),
    FACTS,
)
FITS = st.dictionaries(
    st.sampled_from(["trams", "owls"]), st.tuples(SCORES, st.sampled_from(["clear", "uncertain"]))
).map(
    lambda scores: (
        tuple(replace(fits(number, slug), band=band) for slug, (number, band) in scores.items())  # type: ignore[arg-type]
        or (replace(fits(0.1), band="out"),)
    )
)
VECTOR = st.tuples(*[st.integers(-2, 2)] * 3).filter(any).map(lambda numbers: unit(*numbers))
VOTES = st.lists(
    st.builds(
        said,
        st.sampled_from(["useful", "not_useful", "wrong_subject"]),
        VECTOR,
        st.sampled_from(NAMES),
        st.sampled_from(["trams", "owls"]),
        st.sampled_from([(), ("Parchment",), ("Lantern Labs", "Parchment")]),
    ),
    max_size=6,
)


@st.composite
def nights(draw: st.DrawFn) -> tuple[Evidence, list[Story], dict[str, int]]:
    """Draw a night's evidence, its stories, and which story each item is of."""
    group = draw(st.fixed_dictionaries(dict.fromkeys(NAMES, st.integers(0, 4))))
    members = [tuple(name for name in NAMES if group[name] == number) for number in range(5)]
    evidence = Evidence(
        draw(st.fixed_dictionaries(dict.fromkeys(NAMES, FITS))),
        draw(st.dictionaries(st.sampled_from(NAMES), st.lists(TOLD, max_size=3))),
        draw(st.dictionaries(st.sampled_from(NAMES), VECTOR)),
        {},
        draw(VOTES),
    )
    return evidence, [Story(names[0], names) for names in members if names], group


@given(night=nights(), caps=st.tuples(st.integers(0, 5), st.integers(0, 5)))
def test_cap_verdicts_and_ranks_hold_for_any_night(
    night: tuple[Evidence, list[Story], dict[str, int]], caps: tuple[int, int]
) -> None:
    evidence, told, group = night
    subjects = (replace(TRAMS, max_items=caps[0]), replace(OWLS, max_items=caps[1]))
    verdicts = judge(evidence, told, subjects)
    assert verdicts == judge(evidence, told, subjects)

    wanted = {
        (name, match.subject if match.fits else None) for name, found in evidence.matches.items() for match in found
    }
    assert sorted(map(str, wanted)) == sorted(str((v.item_id, v.subject)) for v in verdicts)
    assert all(verdict.reason and 0 <= verdict.score <= 1 for verdict in verdicts)
    wrong = _refused([voted.vote for voted in evidence.votes])
    assert all(v.decision == "dropped" for v in verdicts if (v.item_id, v.subject) in wrong)
    for subject in subjects:
        judged = [v for v in verdicts if v.subject == subject.slug and (v.item_id, v.subject) not in wrong]
        unsure_ones = [v for v in judged if v.reason.startswith("too unsure")]
        assert all(v.decision == "dropped" for v in unsure_ones)
        judged = [v for v in judged if v not in unsure_ones]
        _assert_ranked(subject, judged, group)


def _refused(votes: Sequence[Vote]) -> set[tuple[str, str]]:
    """Return the pairs of item and subject that as many readers or more refuse as find useful."""
    agreed: dict[tuple[str, str], int] = {}
    for vote in votes:
        sign = {"useful": 1, "wrong_subject": -1, "not_useful": 0}[vote.opinion]
        agreed[vote.item_id, vote.subject] = agreed.get((vote.item_id, vote.subject), 0) + sign
    said_wrong = {(vote.item_id, vote.subject) for vote in votes if vote.opinion == "wrong_subject"}
    return {pair for pair in said_wrong if agreed[pair] <= 0}


def _assert_ranked(subject: Subject, verdicts: Sequence[Verdict], group: Mapping[str, int]) -> None:
    """Require one rank a story, without gaps, true to the best score; as many kept as may be, each whole."""
    best: dict[int, float] = {}
    for verdict in verdicts:
        best[group[verdict.item_id]] = max(best.get(group[verdict.item_id], 0.0), verdict.score)
    ranks: dict[int, set[int]] = {}
    decisions: dict[int, set[str]] = {}
    for verdict in verdicts:
        rank, total = map(int, re.findall(r"(\d+)\w\w of (\d+)", verdict.reason)[0])
        ranks.setdefault(rank, set()).add(group[verdict.item_id])
        decisions.setdefault(rank, set()).add(verdict.decision)
        assert total == len(best)
    assert sorted(ranks) == list(range(1, len(best) + 1))
    worst_kept = max((rank for rank, made in decisions.items() if made == {"kept"}), default=0)
    for verdict in verdicts:
        rank = int(re.findall(r"(\d+)\w\w of \d+", verdict.reason)[0])
        assert ("but close to" in verdict.reason) == (verdict.decision == "dropped" and rank < worst_kept)
    assert all(len(made) == 1 for made in decisions.values())
    assert sum(made == {"kept"} for made in decisions.values()) == min(subject.max_items, len(best))
    ordered = [best[story] for rank in sorted(ranks) for story in ranks[rank]]
    assert len(ordered) == len(best)
    assert ordered == sorted(ordered, reverse=True)


@given(night=nights(), vector=VECTOR, subject=st.sampled_from(["trams", "owls"]))
def test_useful_vote_never_lowers_and_other_never_raises(
    night: tuple[Evidence, list[Story], dict[str, int]], vector: Vectors, subject: str
) -> None:
    evidence, told, _ = night
    before = {(v.item_id, v.subject): v.score for v in judge(evidence, told)}
    for opinion, direction in (("useful", 1), ("not_useful", -1)):
        vote = said(opinion, vector, "elsewhere", subject, ("Parchment",))  # type: ignore[arg-type]
        votes: list[Voted] = [*evidence.votes, vote]
        for verdict in judge(replace(evidence, votes=votes), told):
            assert direction * (verdict.score - before[verdict.item_id, verdict.subject]) >= -0.001


def test_texts_are_long_enough_to_be_judged_by() -> None:
    assert len(SAID.split()) > 25
