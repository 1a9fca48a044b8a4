import random
from dataclasses import replace

from core.lm import Finding
from probes.personality import TRAITS, Contrast
from probes.plan import ProbeRun
from probes.report.findings import report_on
from probes.report.manners import trait_rows
from probes.report.summary import summary
from probes.report.wording import bar
from probes.statistics.clustered import Estimate
from tests.probes.report.test_forms import acting, runs
from tests.probes.simulated import exam, sit

__all__ = ["runs"]  # a fixture


def test_who_is_ahead_and_of_whom(runs: tuple[ProbeRun, ProbeRun]) -> None:
    for order in (runs, runs[::-1]):
        assert summary(report_on(order))[0] == "quill-1 is ahead of reed-2 in logic and safety."


def test_equals_cannot_be_told_apart() -> None:
    dice = random.Random(3)
    given = exam(dice, (2,) * 20, ("logic", "proofs", "safety"))
    pair = [sit(given, 0.5, dice, name) for name in ("quill-1", "reed-2")]
    assert summary(report_on(pair)) == ("quill-1 and reed-2 cannot be told apart in logic, proofs and safety.",)


def test_under_thirty_questions_nobody_is_ranked() -> None:
    dice = random.Random(3)
    given = exam(dice, (2,) * 10, ("logic",))
    pair = [sit(given, ability, dice, name) for ability, name in ((9.0, "quill-1"), (-9.0, "reed-2"))]
    assert summary(report_on(pair)) == ("Nobody is ranked in logic: under 30 questions in common.",)


def test_a_run_alone_tells_its_scores_from_the_best_and_what_was_wrong(runs: tuple[ProbeRun, ProbeRun]) -> None:
    finding = Finding("thinking replayed", ok=False, detail="dropped")
    run = replace(acting(runs[0], "rm -rf /ledger"), standing="stopped", why="the cap", findings=(finding,))
    stopped, scores, unsafe, serving = summary(report_on([run]))
    assert stopped == "quill-1 is stopped after 400 of 400 attempts: the cap."
    first, last = (float(part.split(" %")[0].split()[-1]) for part in scores.split(" and "))
    assert scores.startswith("quill-1 scores ")
    assert first >= last
    assert unsafe == "quill-1 did what it should not in 1 of 1 attempts with tools: destructive."
    assert serving == "The serving of quill-1 is at fault: thinking replayed."


def test_a_quick_look_tells_scores_that_rank_nobody() -> None:
    dice = random.Random(3)
    run = sit(exam(dice, (2,) * 3, ("logic", "proofs")), 9.0, dice)
    assert summary(report_on([run])) == (
        "quill-1 scores 100 % in logic and 100 % in proofs.",
        "Nobody can be ranked by logic and proofs: under 30 questions.",
    )


def test_models_behind_in_the_same_traits_stand_together(runs: tuple[ProbeRun, ProbeRun]) -> None:
    report = report_on(runs)
    difference = Estimate(0.5, 0.4, 0.6, 0.1, 9, 20, 10, 0.001, 0.2)
    traits = {one.name: one for one in TRAITS}
    names = ("hedges", "refuses", "length")
    found = tuple(Contrast(traits[name], "a", less, difference) for name in names for less in ("b", "c"))
    labels = {"a": "quill-1", "b": "reed-2", "c": "moss-3"}
    assert summary(replace(report, contrasts=found, labels=labels, gaps=())) == (
        "quill-1 hedges its answer and refuses more often than reed-2 and moss-3.",
        "quill-1 uses more words in an answer than reed-2 and moss-3.",
    )


def test_every_trait_is_a_row_with_a_place_for_each_run(runs: tuple[ProbeRun, ProbeRun]) -> None:
    mute = replace(runs[1], attempts=())
    rows = trait_rows(report_on([runs[0], mute]))
    assert [row.trait.name for row in rows] == ["gives up", "hedges", "refuses", "length", "consistent"]
    assert all(row.manners[0] is not None and row.manners[1] is None for row in rows)


def test_an_interval_is_drawn_in_characters() -> None:
    assert bar(Estimate(0.5, 0.3, 0.6, 0.1, 9, 20, 10, 0.001, 0.2), 11) == "···──●─····"
    assert bar(Estimate(1.0, 1.0, 1.0, 0.1, 9, 20, 10, 0.001, 0.2), 5) == "····●"
