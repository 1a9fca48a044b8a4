"""Judging, by the real way of asking and a host on loopback: nothing is lost, guessed, or swayed by a neighbour."""

from dataclasses import replace
from functools import cache

import pytest

from core.errors import ModelRefused, NoBalance
from core.judged import Match, Ruling
from core.types import Item
from tests.servers.lm import SERVINGS, Asked, Fault, Said, Serving, Spoken
from tests.servers.lm.reader import reads
from tests.triage.injections import INJECTIONS, QUIET, Injection, injected
from tests.triage.judges import (
    MODEL,
    OWLS,
    SUBJECTS,
    TRAMS,
    Shown,
    case_of,
    fair,
    item_of,
    judging,
    obeys,
    rightly,
    shown_in,
    submits,
)
from tests.triage.odd_answers import ODD, Odd
from triage.addressing import speaks
from triage.cases import Case
from triage.fencing import visible
from triage.judging import batches, judge, judged, ruling_key, to_ask
from triage.prompt_files import prompt
from triage.ruled import apply, probability

CASES = tuple(case_of(item_of(number)) for number in range(4))
LATE = tuple(case_of(item_of(number)) for number in range(20, 26))


@cache
def right(number: int) -> tuple[bool, int]:
    return rightly(case_of(item_of(number)))


def rights(*numbers: int) -> list[tuple[bool | None, int]]:
    return [right(number) for number in numbers]


def said(rulings: tuple[Ruling, ...]) -> list[tuple[bool | None, int]]:
    return [(ruling.belongs, ruling.score) for ruling in rulings]


@pytest.mark.parametrize("serving", SERVINGS)
def test_several_cases_are_judged_in_one_call(serving: Serving) -> None:
    with judging(fair, serving) as (submit, hosts):
        rulings = judge(CASES, SUBJECTS, submit=submit, model=MODEL)
    assert len(hosts.asked) == 1
    assert said(rulings) == rights(0, 1, 2, 3)
    assert [ruling.item_id for ruling in rulings] == ["i0", "i1", "i2", "i3"]
    assert {(one.subject, one.model, one.prompt) for one in rulings} == {("trams", MODEL, prompt("judge").version)}
    assert len({belongs for belongs, _ in said(rulings)}) == 2, "the fair judge says both"


def test_what_never_changes_comes_first_and_is_the_same_for_all_calls_of_a_subject() -> None:
    with judging(fair) as (submit, hosts):
        judge([*CASES, *LATE, case_of(item_of(9))], SUBJECTS, submit=submit, model=MODEL)
        judge([case_of(item_of(5), OWLS)], SUBJECTS, submit=submit, model=MODEL)
    first, second, owls = hosts.asked
    assert first.system == second.system != owls.system
    assert prompt("judge").text in owls.system
    assert "logo" in owls.system
    assert "Tram" not in owls.system, "a subject's rulings depend on its own wording alone"
    assert not any(item.title in first.system for item in (case.item for case in CASES))


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.name)
def test_odd_answer_again_and_again_loses_nothing_and_decides_nothing_by_itself(odd: Odd) -> None:
    with judging(lambda asked: odd.answer([one.fair for one in shown_in(asked)])) as (submit, _):
        rulings = judge(CASES, SUBJECTS, submit=submit, model=MODEL)
    assert [ruling.item_id for ruling in rulings] == [case.item.id for case in CASES]
    expected = rights(0, 1, 2, 3)
    for ruling, deserved in zip(rulings, expected, strict=True):
        assert (ruling.belongs, ruling.score) in (deserved, (None, 0))
        assert ruling.belongs is not None or ruling.reason.startswith("no valid answer: ")
    if odd.comes == "right":
        assert said(rulings) == expected
    if odd.comes == "undecided":
        assert {ruling.belongs for ruling in rulings} == {None}


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.name)
def test_odd_answer_once_is_mended(odd: Odd) -> None:
    def script(asked: Asked) -> Said:
        right = [one.fair for one in shown_in(asked)]
        return submits(right) if asked.heard or len(hosts.asked) > 1 else odd.answer(right)

    with judging(script, "content") as (submit, hosts):
        rulings = judge(CASES, SUBJECTS, submit=submit, model=MODEL)
    assert said(rulings) == rights(0, 1, 2, 3)
    assert len(hosts.asked) <= 2


def test_there_are_sixty_of_each() -> None:
    assert len({odd.name for odd in ODD}) == len(ODD) >= 60
    assert len({one.name for one in INJECTIONS}) == len(INJECTIONS) >= 60


def test_what_is_left_of_a_partly_valid_answer_counts_and_the_rest_is_asked_for_alone() -> None:
    def script(asked: Asked) -> Said:
        right = [one.fair for one in shown_in(asked)]
        wrong = next((one for one in right if f"has {_length(2)} " in one["reason"]), right[0])
        return submits([one if one is not wrong else one | {"score": None} for one in right])

    with judging(script) as (submit, hosts):
        rulings = judge(CASES, SUBJECTS, submit=submit, model=MODEL)
    assert said(rulings) == [right(0), right(1), (None, 0), right(3)]
    assert rulings[2].reason == "no valid answer: invalid"
    assert len(hosts.asked) == 4, "once and its repair for all, once and its repair for the one"


@cache
def _length(number: int) -> int:
    seen: list[Shown] = []

    def script(asked: Asked) -> Said:
        seen.extend(shown_in(asked))
        return fair(asked)

    with judging(script) as (submit, _):
        judge([case_of(item_of(number))], SUBJECTS, submit=submit, model=MODEL)
    return len(seen[0].text)


@pytest.mark.parametrize("injection", [*INJECTIONS, *QUIET], ids=lambda one: one.name)
def test_injection_moves_no_other_item_of_an_obeying_model(injection: Injection) -> None:
    cases = [*LATE[:3], case_of(injected(item_of(1), injection)), *LATE[3:]]
    with judging(obeys) as (submit, _):
        rulings = judge(cases, SUBJECTS, submit=submit, model=MODEL)
    others = [ruling for ruling in rulings if ruling.item_id != "i1"]
    assert said(tuple(others)) == rights(*range(20, 26))
    assert all("It was said" not in ruling.reason for ruling in others)
    own = next(ruling for ruling in rulings if ruling.item_id == "i1")
    assert own.subject == "trams"
    assert 0 <= own.score <= 10
    for ruling in rulings:
        assert not any(mark in ruling.reason for mark in ("<", "@", "http", "evil.example", "](", "\n"))


def test_all_injections_of_a_night_together_move_no_other_item() -> None:
    swaying = [case_of(replace(injected(item_of(40 + n), one), id=f"bad{n}")) for n, one in enumerate(INJECTIONS)]
    cases = [case for pair in zip(swaying, [*LATE] * 13, strict=False) for case in pair]
    unique = list({case.item.id: case for case in cases}.values())
    with judging(obeys, concurrency=2) as (submit, _):
        rulings = judge(unique, SUBJECTS, submit=submit, model=MODEL)
    found = {ruling.item_id: (ruling.belongs, ruling.score) for ruling in rulings}
    assert [found[case.item.id] for case in LATE] == rights(*range(20, 26))
    assert len(rulings) == len(swaying) + len(LATE)


def test_obeying_model_does_to_an_item_what_the_item_itself_says_and_no_more() -> None:
    cases = [case_of(injected(item_of(1), one)) for one in INJECTIONS]
    with judging(obeys) as (submit, _):
        rulings = [judge([case], SUBJECTS, submit=submit, model=MODEL)[0] for case in cases]
    for injection, ruling in zip(INJECTIONS, rulings, strict=True):
        if injection.effect in ("silence", "refusal", "garbage"):
            assert ruling.belongs is None
        elif visible(injection.text):
            assert (ruling.belongs, ruling.score) == (True, 10)
        else:
            assert (ruling.belongs, ruling.score) == rightly(case_of(injected(item_of(1), injection)))


def test_quiet_injections_share_a_call_and_are_found_out_by_our_own_cases() -> None:
    for injection in QUIET:
        cases = [*LATE, case_of(injected(item_of(1), injection))]
        assert len(batches(cases)) == 1
        with judging(obeys) as (submit, hosts):
            judge(cases, SUBJECTS, submit=submit, model=MODEL)
        assert len(hosts.asked) >= 1 + len(cases)


def test_plain_texts_share_calls_and_each_that_speaks_is_alone() -> None:
    swaying = [case_of(injected(item_of(1), one)) for one in INJECTIONS]
    assert [one.item.text for one in swaying if not speaks(f"{one.item.title}\n{one.item.text}")] == []
    split = batches([*CASES, *swaying[:3], *LATE, case_of(item_of(9), OWLS)])
    assert [len(batch) for batch in split] == [1, 1, 1, 10, 1]
    assert [batches(batch) for batch in split] == [(batch,) for batch in split]


def test_item_that_names_another_is_not_judged_beside_it() -> None:
    named = replace(item_of(3), title="Lanterns of the eastern tram depot")
    naming = replace(item_of(1), text=f"We find nothing in the lanterns of the eastern tram depot. {item_of(1).text}")
    assert [len(batch) for batch in batches([case_of(naming), case_of(named), CASES[2]])] == [2, 1]
    assert [len(batch) for batch in batches([CASES[0], CASES[0]])] == [1, 1]


def test_letters_of_cases_follow_from_all_texts() -> None:
    def letters(cases: tuple[Case, ...]) -> dict[str, str]:
        with judging(fair) as (submit, hosts):
            judge(cases, SUBJECTS, submit=submit, model=MODEL)
        return {one.text: one.id for one in shown_in(hosts.asked[0])}

    once, again, other = letters(CASES), letters(CASES), letters((*CASES[:3], LATE[0]))
    assert once == again
    assert len(set(once.values())) == len(CASES) + 2
    assert not set(once.items()) & set(other.items())


def test_error_is_the_callers_to_decide() -> None:
    with judging([Fault.no_balance(402)]) as (submit, hosts):
        outcome = judged(CASES, SUBJECTS, submit=submit, model=MODEL)
    assert isinstance(outcome.error, NoBalance)
    assert len(hosts.asked) == 1
    assert [ruling.item_id for ruling in outcome.rulings] == [case.item.id for case in CASES]
    assert {(ruling.belongs, ruling.score) for ruling in outcome.rulings} == {(None, 0)}
    assert all(ruling.reason.startswith("the model could not be asked: ") for ruling in outcome.rulings)
    with judging([Fault.no_balance(402)]) as (submit, _), pytest.raises(NoBalance):
        judge(CASES, SUBJECTS, submit=submit, model=MODEL)


def test_text_that_a_host_refuses_takes_no_neighbour_with_it() -> None:
    def script(asked: Asked) -> Said:
        return Fault(400, {"error": {"message": "sensitive (1026)"}}) if "Ember and" in asked.told else fair(asked)

    with judging(script) as (submit, _):
        outcome = judged(CASES, SUBJECTS, submit=submit, model=MODEL)
    assert said(outcome.rulings) == [right(0), (None, 0), right(2), right(3)]
    assert isinstance(outcome.error, ModelRefused)


def test_wrong_key_is_not_tried_on_every_case() -> None:
    with judging(lambda _: Fault(401, {"error": {"message": "invalid key"}})) as (submit, hosts):
        outcome = judged([*CASES, *LATE], SUBJECTS, submit=submit, model=MODEL)
    assert len(hosts.asked) == 1
    assert len(outcome.rulings) == 10


def test_only_the_uncertain_are_asked_about_and_two_for_each_place() -> None:
    items = {f"i{n}": item_of(n) for n in range(20)}
    matches = {f"i{n}": (Match("owls", n / 40, "e", "uncertain"), Match("trams", 0.9, "e")) for n in range(20)}
    asked = to_ask(matches, items, SUBJECTS)
    assert [case.item.id for case in asked] == [f"i{n}" for n in (19, 18, 17, 16)]
    assert {case.subject for case in asked} == {"owls"}
    assert to_ask(matches, {}, SUBJECTS) == ()


def test_key_changes_with_what_a_ruling_depends_on_and_with_nothing_else() -> None:
    def key(case: Case, trams: str = TRAMS.description, owls: str = "", model: str = MODEL) -> str:
        return ruling_key(case, (replace(TRAMS, description=trams), replace(OWLS, description=owls)), model)

    case = CASES[0]
    kept = key(case)
    assert kept == key(replace(case, match=Match("trams", 0.5, "other words", "uncertain")), owls="Of owls.")
    assert kept == key(replace(case, item=replace(case.item, url="https://other.example/", authors=("Odile",))))
    assert kept == ruling_key(case, (replace(TRAMS, max_items=99),), MODEL)
    edited: list[Item] = [replace(case.item, text="Other."), replace(case.item, title="Other")]
    changed = [key(replace(case, item=item)) for item in edited]
    assert len({kept, *changed, key(case, trams="Of trams."), key(case, model="MiniMax-M2.5")}) == 5


def test_rulings_decide_what_is_uncertain_and_say_who_decided() -> None:
    unsure = Match("trams", 0.3, "shares “tram”", "uncertain")
    sure = Match("owls", 0.8, "close to it")
    given = {"a": (sure, unsure), "b": (unsure,), "c": (unsure,), "d": (unsure,), "e": (sure,)}
    ruled = apply(
        given,
        [
            Ruling("a", "trams", belongs=True, score=10, reason="It counts trams.", model=MODEL, prompt="v"),
            Ruling("b", "trams", belongs=False, score=0, reason="It is a toy.", model=MODEL, prompt="v"),
            Ruling("c", "trams", belongs=None, score=0, reason="no valid answer: empty", model=MODEL, prompt="v"),
            Ruling("e", "owls", belongs=False, score=0, reason="Never asked for.", model=MODEL, prompt="v"),
        ],
    )
    assert ruled.matches["a"] == (Match("trams", 0.9, "MiniMax-M2 says: It counts trams"), sure)
    assert ruled.matches["b"] == (Match("trams", 0.09, "MiniMax-M2 says: It is a toy", "out"),)
    assert ruled.matches["c"][0].evidence == "shares “tram”; not judged: no valid answer: empty"
    assert (ruled.matches["c"][0].score, ruled.matches["c"][0].band) == (0.3, "uncertain")
    assert (ruled.matches["d"], ruled.matches["e"]) == ((unsure,), (sure,))
    assert ruled.unjudged == {("c", "trams")}
    assert [probability(score) for score in (0, 5, 10)] == [0.6, 0.75, 0.9]


def test_reader_of_the_test_hosts_can_judge() -> None:
    with judging(reads) as (submit, _):
        outcome = judged(CASES, SUBJECTS, submit=submit, model=MODEL)
    assert outcome.error is None
    assert len(outcome.rulings) == 4


def test_answer_that_breaks_off_is_no_answer() -> None:
    with judging([Spoken(thinking="Hm.", truncated=True)] * 20) as (submit, _):
        rulings = judge(CASES[:1], SUBJECTS, submit=submit, model=MODEL)
    assert rulings[0].reason == "no valid answer: truncated"
