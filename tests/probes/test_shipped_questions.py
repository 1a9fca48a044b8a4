"""The contract of every question that is shipped: a new file is found, and tried, without an edit here."""

from collections import Counter

import pytest

from probes.checks import duplicates, problems
from probes.question import DOMAINS, Question
from tests.probes.shipped import SHIPPED


@pytest.mark.parametrize("question", SHIPPED, ids=lambda one: one.id)
def test_the_reference_passes_and_the_wrong_answer_fails(question: Question) -> None:
    assert [one.told for one in problems(question, seeds=(0, 1, 2, 7, 2**40))] == []


def test_no_two_ask_the_same() -> None:
    assert [(one.question.id, one.told) for one in duplicates(SHIPPED)] == []


def test_every_domain_has_a_quick_look_at_two_ideas_or_more() -> None:
    asked = {question.family: question.domain for question in SHIPPED if "smoke" in question.tags}
    counts = Counter(asked.values())
    assert set(counts) == set(DOMAINS)
    assert min(count for domain, count in counts.items() if domain != "fun") >= 2
