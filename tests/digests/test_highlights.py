from dataclasses import replace

import pytest

from core.digest import Digest
from digests.highlights import first_sentence, things_to_know
from tests.digests.night import TOLD, Told, digest_of


def titles(digest: Digest) -> list[str]:
    return [entry.title for entry in things_to_know(digest)]


def told(title: str, subject: str, score: float, summary: str = "It says something.") -> Told:
    return Told(title, ((subject, score, "a reason"),), summary)


def test_the_best_three_best_first() -> None:
    night = [told(name, "planning", score) for name, score in (("d", 0.2), ("a", 0.9), ("c", 0.5), ("b", 0.7))]
    assert titles(digest_of(tuple(night))) == ["a", "b", "c"]


def test_another_subject_goes_before_a_second_story_that_is_little_better() -> None:
    night = (told("a", "planning", 0.9), told("b", "planning", 0.8), told("c", "proofs", 0.7))
    assert titles(digest_of(night)) == ["a", "c", "b"]


def test_a_much_better_second_story_stays_ahead() -> None:
    night = (told("a", "planning", 0.9), told("b", "planning", 0.85), told("c", "proofs", 0.4))
    assert titles(digest_of(night)) == ["a", "b", "c"]


def test_a_story_without_a_summary_gives_way() -> None:
    night = (told("a", "planning", 0.9, ""), told("b", "proofs", 0.7), told("c", "speech", 0.5))
    assert titles(digest_of(night)) == ["b", "a", "c"]


def test_a_story_of_two_subjects_is_one_thing() -> None:
    both = replace(TOLD[6], verdicts=(("proofs", 0.74, ""), ("measuring", 0.77, "")))
    assert titles(digest_of((both, told("b", "speech", 0.1)))) == [both.title, "b"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("It holds. It is proved.", "It holds."),
        ("We follow Hart et al. and add a step. It helps.", "We follow Hart et al. and add a step."),
        ("See e.g. Planner 3. It helps.", "See e.g. Planner 3."),
        ("By R. Oduya. It helps.", "By R. Oduya."),
        ("It gains 3.5 points. It helps.", "It gains 3.5 points."),
        ("Does it help? It does.", "Does it help?"),
        ("これは新しい。次の文。", "これは新しい。"),
        ("no end at all", "no end at all"),
        ("", ""),
    ],
)
def test_first_sentence(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence
