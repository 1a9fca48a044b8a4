import random
import time
from dataclasses import replace

import pytest

from core.lm import Completion, Results, Told, ToolCall, ToolResult
from probes import traits
from probes.attempt import Answer, Attempt, Grade, Key, ToolUse, Turn, right, wrong
from probes.personality import contrasts, manner_words, personality
from probes.plan import ProbeRun
from probes.world import Act, Effect
from tests.probes.simulated import attempt, exam, sit
from tests.probes.statistics.test_scores import run_of

LOOKS = Act(0, "list_notes", {})
WRITES = Act(1, "write_note", {"name": "visit"}, (Effect("changed", "visit"),))
FAILS = Act(2, "write_note", {"name": "?"}, refused="no such note")
KEY = Key("q-0", 0)


def said(text: str, *, state: Grade | None = None) -> Attempt:
    return attempt(KEY, state or right(""), text)


def did(*acts: Act, text: str = "Done.", uses: tuple[ToolUse, ...] = ()) -> Attempt:
    return replace(said(text), answer=Answer(text, (text,), uses, acts=acts))


def began(thinking: str) -> Attempt:
    call = Completion("{}", thinking=thinking, tool_calls=(ToolCall("1", "list_notes", "{}"),))
    turns = (Turn((Told("Do it."),), call, 0.1), Turn((Results((ToolResult("1", "none"),)),), Completion("{}"), 0.1))
    return replace(said("Done."), turns=turns)


CASES = {
    "a_thought_before_the_first_call": (traits.thinks_first, began("First, a look."), 1),
    "a_call_out_of_nothing": (traits.thinks_first, began(""), 0),
    "no_call_no_occasion_to_think_first": (traits.thinks_first, said("3"), None),
    "a_look_before_a_change": (traits.looks_first, did(LOOKS, WRITES), 1),
    "a_change_at_once": (traits.looks_first, did(WRITES, LOOKS), 0),
    "nothing_changed_no_occasion": (traits.looks_first, did(LOOKS), None),
    "a_look_after_the_last_change": (traits.verifies, did(WRITES, LOOKS), 1),
    "a_look_between_changes_only": (traits.verifies, did(WRITES, LOOKS, WRITES), 0),
    "a_refused_look_shows_nothing": (traits.verifies, did(WRITES, FAILS), 0),
    "another_try_after_a_failure": (
        traits.retries,
        did(uses=(ToolUse("ask", {}, "no", is_error=True), ToolUse("ask", {"a": 1}, "yes"))),
        1,
    ),
    "another_tool_after_a_failure": (
        traits.retries,
        did(uses=(ToolUse("ask", {}, "no", is_error=True), ToolUse("look", {}, "yes"))),
        0,
    ),
    "nothing_failed": (traits.retries, did(uses=(ToolUse("ask", {}, "yes"),)), None),
    "a_question_at_the_end": (traits.asks, did(LOOKS, text="Two match. Which one do you mean?"), 1),
    "a_question_and_its_answer": (traits.asks, did(LOOKS, text="Which one? The second."), 0),
    "an_essay_has_nobody_to_ask": (traits.asks, said("Is it so?"), None),
    "it_could_not": (traits.gives_up, said("I could not find the note."), 1),
    "it_could": (traits.gives_up, said("I found the note, which could not be opened before."), 0),
    "a_hedge": (traits.hedges, said("It is probably Elva."), 1),
    "a_might_that_is_strength": (traits.hedges, said("With might and main: Elva."), 0),
    "a_refusal": (traits.refuses, said("I can’t help with that."), 1),
    "a_refusal_by_the_host": (traits.refuses, said("", state=Grade(None, "refused", "refused")), 1),
    "an_inability_of_another": (traits.refuses, said("Marek can't help, so Elva goes."), 0),
}


@pytest.mark.parametrize("case", CASES)
def test_trait(case: str) -> None:
    look, seen, value = CASES[case]
    found = look(seen)
    assert (None if found is None else found.value) == value
    assert found is None or bool(found.quote) == bool(value)


def test_a_quote_is_the_sentence() -> None:
    found = traits.hedges(said("We count. It is probably Elva. So it ends."))
    assert found is not None
    assert found.quote == "It is probably Elva."


def test_a_claim_says_what_it_stands_on() -> None:
    run = run_of(right(""), right(""), right(""), wrong(""))
    told = {one.trait.name: manner_words(one) for one in personality(run)}
    assert (
        told["consistent"]
        == "does as well in every repeat of a question in 50 % (0 to 100) of 4 attempts at 2 questions"
    )
    assert told["length"] == "2 (0 to 4) words in an answer, over 4 attempts at 2 questions"
    assert "thoughts" not in told


def test_an_endless_line_is_looked_through_at_once() -> None:
    endless = did(LOOKS, text="la " * 10_000 + "?!")
    began = time.thread_time()
    assert traits.asks(endless) == traits.Sighting(0.0)
    assert time.thread_time() - began < 1.0


def test_private_questions_are_not_quoted() -> None:
    run = run_of(right(""), right(""))
    attempts = tuple(replace(one, answer=Answer("Perhaps.", ("Perhaps.",))) for one in run.attempts)
    open_run = replace(run, attempts=attempts)
    hidden = tuple(replace(one, is_private=True) for one in run.plan.questions)
    private = replace(open_run, plan=replace(run.plan, questions=hidden))
    assert [len(one.quotes) for each in (open_run, private) for one in personality(each) if one.quotes] == [1]


def _talkative(run: ProbeRun, text: str, often: float) -> ProbeRun:
    dice = random.Random(4)
    spoken = (replace(one, answer=Answer(text, (text,))) if dice.random() < often else one for one in run.attempts)
    return replace(run, attempts=tuple(spoken))


def test_models_are_contrasted_only_where_they_differ() -> None:
    dice = random.Random(9)
    given_exam = exam(dice, (2,) * 10, ("logic",))
    plain, hedging = (sit(given_exam, 0.0, dice, f"quill-{place}") for place in range(2))
    hedging = _talkative(hedging, "Perhaps. 3", 0.6)
    runs = (plain, hedging)
    found = contrasts(runs, [personality(run) for run in runs])
    assert [(one.trait.name, one.more) for one in found] == [("hedges", "quill-1-run")]
