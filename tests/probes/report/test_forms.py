import json
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from core.lm import Finding
from probes.attempt import Grade, Key
from probes.plan import Asked, ProbeRun
from probes.report.as_json import to_json
from probes.report.findings import ProbeReport, report_on
from probes.report.markdown import to_markdown
from probes.report.page import to_page
from probes.unsafe import Flag, Watched
from probes.world import Act
from tests.probes.simulated import attempt, exam, sit

HOSTILE = "</pre><script>alert(1)</script> | `x` [a](javascript:alert(1)) ```` # head"


@pytest.fixture
def runs() -> tuple[ProbeRun, ProbeRun]:
    dice = random.Random(5)
    given = exam(dice, (2,) * 20, ("logic", "safety"))
    return sit(given, 2.0, dice, "quill-1"), sit(given, -1.0, dice, "reed-2")


def with_drawing(run: ProbeRun, text: str) -> ProbeRun:
    asked = Asked("a-lantern", "drawings", "fun", "ours", "1")
    drawn = attempt(Key("a-lantern", 0), Grade(None, "shown", "shown"), text)
    plan = replace(run.plan, questions=(*run.plan.questions, asked))
    return replace(run, plan=plan, attempts=(*run.attempts, drawn))


def acting(run: ProbeRun, *quotes: str) -> ProbeRun:
    first, *others = run.attempts
    seen = Watched(tuple(Flag("destructive", 0, quote) for quote in quotes), {"destructive": 1, "privilege": 1})
    acts = (Act(0, "run_command", {}),)
    return replace(run, attempts=(replace(first, answer=replace(first.answer, acts=acts), watched=seen), *others))


def test_what_was_planted_is_told(runs: tuple[ProbeRun, ProbeRun]) -> None:
    told = to_json(report_on(runs))
    assert {(one["domain"], one["verdict"]) for one in told["comparisons"]} == {("logic", "ahead"), ("safety", "ahead")}
    first = told["runs"][0]["domains"][0]
    assert first["estimate"]["low"] < first["score"] < first["estimate"]["high"]
    assert (first["questions"], first["estimate"]["families"], first["k"]) == (40, 20, 5)
    json.dumps(told, allow_nan=False)


def test_a_run_with_nothing_in_it_is_a_report(runs: tuple[ProbeRun, ProbeRun]) -> None:
    empty = replace(runs[0], attempts=(), standing="stopped", why="the cap on spending")
    told = to_json(report_on([empty]))
    assert [one["score"] for one in told["domains"]] == [None, None]
    assert "stopped" in to_markdown(report_on([empty]))
    json.dumps(told, allow_nan=False)


def test_one_family_is_a_document_too(runs: tuple[ProbeRun, ProbeRun]) -> None:
    plan = replace(runs[0].plan, questions=runs[0].plan.questions[:1])
    alone = replace(runs[0], plan=plan, attempts=runs[0].attempts[:1])
    json.dumps(to_json(report_on([alone])), allow_nan=False)


def test_markdown_quotes_and_never_obeys(runs: tuple[ProbeRun, ProbeRun]) -> None:
    finding = Finding("<b>thoughts</b>", ok=False, detail="dropped | lost")
    told = to_markdown(report_on([replace(with_drawing(runs[0], HOSTILE), findings=(finding,))]))
    assert f"`````\n{HOSTILE}\n`````" in told
    assert "### a-lantern\n\n> What is it?\n" in told
    assert "\\<b\\>thoughts\\</b\\>: dropped \\| lost" in told


@pytest.mark.parametrize("form", [to_markdown, to_page])
def test_what_acts_unseen_is_written_out(runs: tuple[ProbeRun, ProbeRun], form: Callable[[ProbeReport], str]) -> None:
    told = form(report_on([acting(with_drawing(runs[0], "a\x1b[2J b\ud800 c\u202e"), "rm \x1b[8m -rf /")]))
    told.encode("utf-8")
    assert not {"\x1b", "\u202e"} & set(told)
    assert "x1b[2J b" in told.replace("\\[", "[")


def test_unsafe_acts_are_quoted_with_how_often_they_could_have_been(runs: tuple[ProbeRun, ProbeRun]) -> None:
    run = acting(runs[0], "rm -rf /ledger")
    acts = report_on([run]).runs[0].unsafe
    assert acts is not None
    assert (acts.rate.count, acts.rate.opportunities, acts.flagged[0].flag.quote) == (1, 1, "rm -rf /ledger")
    assert (dict(acts.kinds)["destructive"].count, dict(acts.kinds)["privilege"].count) == (1, 0)
    assert "step 0, destructive: “rm -rf /ledger”" in to_markdown(report_on([run]))
    told = to_json(report_on([run]))["unsafe"]
    assert (told["acts"][0]["quote"], told["kinds"]["destructive"]["attempts"]) == ("rm -rf /ledger", 1)


def test_no_unsafe_act_is_a_rate_below_three_in_as_many(runs: tuple[ProbeRun, ProbeRun]) -> None:
    told = to_json(report_on([acting(runs[0])]))["unsafe"]
    assert (told["attempts"], told["opportunities"], told["acts"]) == (0, 1, [])
    assert told["says"] == "none in 1 opportunities: a rate below 100.0 %"
    assert to_json(report_on([runs[0]]))["unsafe"] is None


def test_a_private_question_has_its_acts_counted_and_not_quoted(runs: tuple[ProbeRun, ProbeRun]) -> None:
    run = acting(runs[0], "rm -rf /ledger")
    hidden = tuple(replace(one, is_private=True) for one in run.plan.questions)
    told = to_json(report_on([replace(run, plan=replace(run.plan, questions=hidden))]))
    assert told["unsafe"]["attempts"] == 1
    assert "/ledger" not in json.dumps(told)


def test_two_runs_of_one_model_are_told_apart_by_name(runs: tuple[ProbeRun, ProbeRun]) -> None:
    again = replace(runs[0], plan=replace(runs[0].plan, run="quill-1-again"))
    labels = [told.label for told in report_on([runs[0], again]).runs]
    assert labels == ["quill-1 (quill-1-run)", "quill-1 (quill-1-again)"]


def test_the_transcripts_are_of_the_question_that_says_most(runs: tuple[ProbeRun, ProbeRun]) -> None:
    assert [one.asked.domain for one in report_on(runs).besides] == ["logic", "safety"]
    assert [one.asked.id for one in report_on(runs, question="logic-00-1").besides] == ["logic-00-1"]


def test_private_questions_are_shown_nowhere(runs: tuple[ProbeRun, ProbeRun]) -> None:
    hidden = tuple(replace(one, is_private=True) for one in runs[0].plan.questions)
    report = report_on([replace(runs[0], plan=replace(runs[0].plan, questions=hidden))])
    assert report.besides == ()
