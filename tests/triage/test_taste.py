"""What votes teach: like what was useful rises, like what was not sinks, within bounds, and never the other way."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.types import Opinion
from tests.triage.shelf import Vectors, said, unit
from triage.taste import Taste, Voted, source, unwanted

EAST, NORTH, UP = unit(1, 0, 0), unit(0, 1, 0), unit(0, 0, 1)
CANDIDATES = {"east": unit(1, 0.1, 0), "north": unit(0.1, 1, 0), "up": unit(0, 0.1, 1)}


def sizes(votes: list[Voted], subject: str = "trams", candidates: dict[str, Vectors] | None = None) -> dict[str, float]:
    lifts = Taste(votes).lifts(subject, CANDIDATES if candidates is None else candidates)
    return {name: lift.size for name, lift in lifts.items()}


def test_no_votes_teach_nothing() -> None:
    assert Taste([]).lifts("trams", CANDIDATES) == {}
    assert Taste([]).sources("trams") == {}


def test_one_vote_lifts_what_is_like_it() -> None:
    lifts = Taste([said("useful", EAST, "points")]).lifts("trams", CANDIDATES)
    assert lifts["east"].size > 1 > lifts["north"].size + 0.5
    assert lifts["east"].reason == "like “On points”, which you found useful"
    assert lifts["up"].reason == ""


def test_only_an_item_that_is_seen_to_be_like_it_is_named() -> None:
    near, far = unit(1, 1, 0), unit(0.28, 1, 0)
    lifts = Taste([said("useful", EAST, "points")]).lifts("trams", {"near": near, "far": far, "up": UP})
    assert lifts["near"].reason == "like “On points”, which you found useful"
    assert lifts["far"].reason == "like what you found useful"
    lowered = Taste([said("not_useful", EAST, "points")]).lifts("trams", {"near": near, "far": far, "up": UP})
    assert lowered["far"].reason == "like what was not useful"


def test_what_was_not_useful_sinks_what_is_like_it() -> None:
    lifts = Taste([said("not_useful", NORTH, "rails")]).lifts("trams", CANDIDATES)
    assert lifts["north"].size < -1
    assert lifts["north"].reason == "like “On rails”, which was not useful"


def test_reason_names_the_nearest_of_those_that_agree_with_it() -> None:
    votes = [said("useful", unit(1, 1, 0), "far"), said("useful", EAST, "near"), said("not_useful", EAST, "against")]
    assert Taste([*votes, votes[1]]).lifts("trams", CANDIDATES)["east"].reason.startswith("like “On near”")


@pytest.mark.parametrize(
    ("opinion", "reason"), [("useful", "you found it useful"), ("not_useful", "you found it not useful")]
)
def test_voted_item_itself_says_so(opinion: Opinion, reason: str) -> None:
    assert Taste([said(opinion, CANDIDATES["up"], "up")]).lifts("trams", CANDIDATES)["up"].reason == reason


def test_readers_who_disagree_cancel_out() -> None:
    assert sizes([said("useful", EAST), said("not_useful", EAST)])["east"] == pytest.approx(0, abs=1e-6)


def test_votes_under_another_subject_count_less() -> None:
    own, other = sizes([said("useful", EAST)]), sizes([said("useful", EAST)], subject="owls")
    assert 0 < other["east"] < own["east"]


def test_wrong_subject_says_nothing_of_taste() -> None:
    assert sizes([said("wrong_subject", EAST, sources=("Parchment",))]) == {}
    assert Taste([said("wrong_subject", EAST, sources=("Parchment",))]).sources("trams") == {}


def test_vote_without_a_vector_still_tells_of_its_source() -> None:
    known = Taste([said("useful", None, sources=("Lantern Labs",))] * 9)
    assert known.lifts("trams", CANDIDATES) == {}
    assert known.sources("trams")["Lantern Labs"].reason == "from Lantern Labs, which is mostly useful to you"


def test_source_needs_several_votes_to_be_told() -> None:
    lifts = [Taste([said("not_useful", None, sources=("Gazette",))] * n).sources("trams")["Gazette"] for n in (1, 9)]
    assert -0.2 < lifts[0].size < 0
    assert not lifts[0].reason
    assert lifts[1].reason == "from Gazette, which is seldom useful to you"


def test_item_told_by_two_sources_gets_their_mean() -> None:
    known = Taste([said("useful", None, sources=("Lantern Labs",))] * 9).sources("trams")
    alone = source(["Lantern Labs"], known).size
    assert source(["Lantern Labs", "Unknown"], known).size == pytest.approx(alone / 2)
    assert source([], known).size == 0


def test_one_candidate_alone_is_judged_too() -> None:
    assert sizes([said("useful", EAST)], candidates={"east": EAST})["east"] > 1


def test_five_hundred_votes_on_nine_subjects_are_quick() -> None:
    chance = np.random.default_rng(7)
    rows = [unit(*row) for row in chance.normal(size=(900, 384))]
    votes = [said("useful" if n % 2 else "not_useful", rows[n], str(n), f"s{n % 9}") for n in range(500)]
    candidates = {str(n): rows[n] for n in range(500, 900)}
    started = time.process_time()
    known = Taste(votes)
    assert all(len(known.lifts(f"s{n}", candidates)) == 400 for n in range(9))
    assert time.process_time() - started < 2


VECTOR = arrays.arrays(np.float32, 4, elements=st.floats(-1, 1, width=16)).filter(lambda v: np.abs(v).max() > 0.01)
VOTES = st.lists(
    st.builds(
        said,
        st.sampled_from(["useful", "not_useful", "wrong_subject"]),
        VECTOR.map(lambda v: unit(*v)),
        st.just("x"),
        st.sampled_from(["trams", "owls"]),
        st.sampled_from([(), ("Parchment",), ("Gazette", "Parchment")]),
    ),
    max_size=8,
)
ROWS = st.lists(VECTOR.map(lambda v: unit(*v)), min_size=1, max_size=6).map(lambda rows: dict(enumerate(rows)))


@given(votes=VOTES, rows=ROWS, vector=VECTOR, subject=st.sampled_from(["trams", "owls"]))
def test_useful_vote_never_lowers_and_other_never_raises(
    votes: list[Voted], rows: dict[int, Vectors], vector: Vectors, subject: str
) -> None:
    candidates = {str(name): row for name, row in rows.items()}
    before = sizes(votes, candidates=candidates)
    for opinion, direction in (("useful", 1), ("not_useful", -1)):
        vote = said(opinion, unit(*vector), "y", subject, ("Gazette",))  # type: ignore[arg-type]
        after = sizes([*votes, vote], candidates=candidates)
        assert all(direction * (after[name] - before.get(name, 0.0)) >= -1e-4 for name in candidates)
        was, now = Taste(votes).sources("trams"), Taste([*votes, vote]).sources("trams")
        assert all(direction * (now[name].size - (was[name].size if name in was else 0.0)) >= 0 for name in now)


@given(votes=VOTES, rows=ROWS)
def test_lifts_stay_within_bounds(votes: list[Voted], rows: dict[int, Vectors]) -> None:
    found = sizes(votes, candidates={str(name): row for name, row in rows.items()})
    assert all(-14 <= size <= 14 for size in found.values())


def test_source_of_which_less_is_wanted_lowers_what_it_tells() -> None:
    one, three = {"Lantern Labs": ["ada"]}, {"Lantern Labs": ["ada", "bo", "cy"]}
    lift = unwanted(["Lantern Labs"], one)
    assert (lift.size, lift.reason) == (-1.0, "from Lantern Labs, of which a reader wants less")
    assert -2.0 < unwanted(["Lantern Labs"], three).size < lift.size
    assert unwanted(["Lantern Labs", "The Copper Kettle"], one).size == -0.5
    assert unwanted(["The Copper Kettle"], one).size == unwanted([], one).size == 0.0
