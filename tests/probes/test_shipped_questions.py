"""The contract of every question that is shipped: a new file is found, and tried, without an edit here."""

import pytest

from probes.checks import duplicates, problems
from probes.question import DOMAINS, Question
from probes.stack import DEFAULT, Selection, selected, stack_folders

QUESTIONS = selected(stack_folders(), Selection(DEFAULT))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.id)
def test_the_reference_passes_and_the_wrong_answer_fails(question: Question) -> None:
    assert [one.told for one in problems(question, seeds=(0, 1, 2, 7, 2**40))] == []


def test_no_two_ask_the_same() -> None:
    assert [(one.question.id, one.told) for one in duplicates(QUESTIONS)] == []


def test_every_domain_has_a_quick_look() -> None:
    assert {question.domain for question in QUESTIONS if "smoke" in question.tags} == set(DOMAINS)
