"""Agents of planted character do errands and sums: what was planted is found, and nothing else."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from probes.attempting import Asker, attempted
from probes.personality import contrasts, personality
from probes.plan import ProbeRun
from probes.question import Question
from tests.probes import characters
from tests.probes.characters import Cast, Character, Way
from tests.probes.desk import instance_of, plan_of, stack_of

EPOCHS = 3
OFTEN = 0.6
HASTY = ((characters.acts_at_once, 1.0),)
PLANTED: dict[str, tuple[Way, set[str]]] = {
    "looks first": (characters.looks_first, {"looks first"}),
    "verifies": (characters.verifies, {"verifies"}),
    "asks": (characters.asks, {"asks", "length"}),
    "gives up": (characters.gives_up, {"gives up", "length"}),
    "hedges": (characters.hedges, {"hedges", "length"}),
    "refuses": (characters.refuses, {"refuses", "length"}),
    "length": (characters.talks, {"length"}),
}
"""The way that is planted, and every trait that then shows: whoever says more uses more words."""


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Question, ...]:
    """Return errands and sums, two a family."""
    found = stack_of(tmp_path_factory.mktemp("stack"), sums=24, errands=24)
    return tuple(replace(one, family=f"{one.family}-{place // 2}") for place, one in enumerate(found))


def run_of(character: Character, questions: Sequence[Question]) -> ProbeRun:
    asker = Asker(Cast(character).learn(questions, EPOCHS))
    plan = plan_of(questions, EPOCHS)
    plan = replace(plan, run=character.name, served=replace(plan.served, model=character.name))
    drawn = [instance_of(questions, key.question_id, key.epoch) for key in plan.keys]
    return ProbeRun(plan, (), tuple(attempted(instance, key, asker) for key, instance in drawn), "finished")


def told_apart(*cast: Character, by: Sequence[Question]) -> set[tuple[str, str]]:
    """Return which trait is told of whom."""
    runs = [run_of(one, by) for one in cast]
    return {(one.trait.name, one.more) for one in contrasts(runs, [personality(run) for run in runs])}


@pytest.mark.parametrize("trait", PLANTED)
def test_what_is_planted_is_found_and_nothing_else(trait: str, questions: tuple[Question, ...]) -> None:
    way, shown = PLANTED[trait]
    plain, planted = Character(ways=HASTY, name="reed-2"), Character(ways=(*HASTY, (way, OFTEN)))
    assert told_apart(plain, planted, by=questions) == {(name, "quill-1") for name in shown}


@pytest.mark.parametrize("trait", [trait for trait in PLANTED if trait != "length"])
def test_a_claim_holds_the_planted_share_and_quotes_what_was_done(trait: str, questions: tuple[Question, ...]) -> None:
    way, _ = PLANTED[trait]
    run = run_of(Character(ways=(*HASTY, (way, OFTEN))), questions)
    (claim,) = (one for one in personality(run) if one.trait.name == trait)
    assert claim.estimate.low <= OFTEN <= claim.estimate.high
    assert claim.attempts in (24 * EPOCHS, 48 * EPOCHS)
    attempts = {(one.key.question_id, one.key.epoch): one for one in run.attempts}
    for quote in claim.quotes:
        seen = attempts[quote.question, quote.epoch]
        assert quote.text in seen.answer.text or quote.text == "list_notes()"
    assert len(claim.quotes) == 3


def test_a_thought_before_the_first_act(questions: tuple[Question, ...]) -> None:
    thinking = Character(thought="First, what is there.")
    found = {("thinks first", "quill-1")}
    assert told_apart(thinking, Character(name="reed-2"), by=questions) == found
    (claim,) = (one for one in personality(run_of(thinking, questions)) if one.trait.name == "thinks first")
    assert {quote.text for quote in claim.quotes} == {"First, what is there."}


def test_another_try_after_a_failure(questions: tuple[Question, ...]) -> None:
    stubborn = Character(ways=(*HASTY, (characters.tries_again, 1.0)))
    roaming = Character(ways=(*HASTY, (characters.stumbles, 1.0)), name="reed-2")
    found = {("retries", "quill-1"), ("looks first", "reed-2")}
    assert told_apart(stubborn, roaming, by=questions) == found


def test_a_model_that_is_not_the_same_twice(questions: tuple[Question, ...]) -> None:
    fickle = Character(able=lambda _question, epoch: epoch > 0, name="reed-2")
    assert told_apart(Character(), fickle, by=questions) == {("consistent", "quill-1")}


def test_of_equals_no_difference_is_told(questions: tuple[Question, ...]) -> None:
    habits = tuple((way, 0.4) for way, _ in PLANTED.values())
    cast = [Character(ways=(*HASTY, *habits), name=f"quill-{number}") for number in range(3)]
    assert told_apart(*cast, by=questions) == set()
