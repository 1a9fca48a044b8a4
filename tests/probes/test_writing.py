"""What is read from a text: figures in any form, names, the outline; and what a report may not do."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ConfigError
from probes.attempt import Answer
from probes.instance import Instance
from probes.question import Question
from probes.scorers.report import Options, score
from probes.script import Say
from probes.writing.conditions import has
from probes.writing.demand import demand
from probes.writing.figures import figures, only_figure, plain
from probes.writing.names import names
from probes.writing.outline import outline
from tests.probes.shipped import SHIPPED

REPORTS = [one for one in SHIPPED if one.scorer == "report"]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("1,240 jobs, 1\u2009240 and 1240", ["1240"] * 3),
        ("at 02:05, 2:05 am or 2:05 a.m.", ["2:05"] * 3),
        ("at 2:05 pm and 14:05:30", ["14:05", "14:05:30"]),
        ("12.50 % and 12.5 percent", ["12.5", "12.5"]),
        ("3\u20135 ms, 80%, 12k, 0.7 million", ["3", "5", "80", "12000", "700000"]),
        ("v2.4.1 and 2.4.1.", ["v2.4.1", "v2.4.1"]),
        ("R2 and db2x hold 7.", ["7"]),
        ("INC-4471, the 3rd", ["4471", "3"]),
        ("Twenty-one of two hundred", ["21", "200"]),
        ("someone, often, tenth", []),
    ],
)
def test_figures_in_any_form(text: str, keys: list[str]) -> None:
    assert [one.key for one in figures(plain(text))] == keys


@given(st.integers(min_value=0, max_value=10**12))
def test_a_number_is_one_in_any_form(value: int) -> None:
    assert only_figure(f"{value:,}") == only_figure(str(value)) == only_figure(f"{value}.0") == str(value)


@given(st.text())
def test_any_text_has_an_outline(text: str) -> None:
    assert outline(text).words <= len(plain(text).split())


def test_an_outline_knows_its_parts() -> None:
    text = outline(
        "## 1. First:\nOne two. Three,\ne.g. Four!\n\n- five\n  six\n* **seven**\n\n**Next**\n|A|B|\n|--|--|\n|1|2|"
    )
    assert [block.kind for block in text.blocks] == ["heading", "text", "item", "item", "heading", "row", "row"]
    assert text.sentences == ("One two.", "Three,\ne.g. Four!")
    assert [block.text for block in text.section("first").of("item")] == ["five\nsix", "seven"]
    assert [block.cells for block in text.section("NEXT").of("row")] == [("A", "B"), ("1", "2")]
    assert not text.section("Third").blocks


def test_names_are_capitals_that_grammar_does_not_ask_for() -> None:
    lines = (
        "# Grand Total",
        "Yesterday Petra's boat left. It was seen: Nobody knows. API fails for Oxley.",
        "- Off to Veldt",
        "",
        "Night Report From Ashmere",
    )
    assert list(names(outline("\n".join(lines)))) == ["Petra's", "API", "Oxley", "Veldt"]


@pytest.mark.parametrize(
    ("text", "fact", "is_there"),
    [
        ("on March 3rd", ("3 March", "March 3"), True),
        ("quarry-7 is up", ("quarry-7",), True),
        ("quarry-71 is up", ("quarry-7",), False),
        ("an old\noak", ("Old oak",), True),
        ("17 of them", ("7",), False),
        ("seven of them", ("7",), True),
    ],
)
def test_a_fact_is_there_in_any_wording(text: str, fact: tuple[str, ...], *, is_there: bool) -> None:
    assert has(plain(text), fact) is is_there


def test_a_key_that_there_is_not_is_refused() -> None:
    with pytest.raises(ConfigError, match="unknown key 'wordz'"):
        demand({"sections": {"Effect": {"wordz": [1, 2]}}})


def graded(text: str, **expected: object) -> tuple[float | None, tuple[str, ...]]:
    asked = Instance("q", 1, "Petra has 4 boats and 7 nets at Oxley.", "report", None, expected)
    grade = score(Answer(text), asked, Options())
    return grade.score, grade.evidence


@pytest.mark.parametrize(
    ("text", "expected", "missed"),
    [
        ("Petra has 4 boats.", {}, ""),
        ("Petra has four boats; there are two things here.", {"has": [4]}, ""),
        ("Petra has 5 boats.", {}, "figures of no source: 5"),
        ("Petra has 28 of both.", {"derived": [28]}, ""),
        ("There Nilo has 4 boats.", {}, "names of no source: Nilo"),
        ("Petra has 4. Oxley has 7.", {"together": [["Petra", 7]]}, "not together: Petra, 7"),
        ("Petra: 7, Oxley: 4", {"order": [7, 4]}, ""),
        ("Petra: 7, Oxley: 4", {"order": [4, 7]}, "not in this order: 4, 7"),
        ("- 4\n- 7", {"items": [[7], [4]]}, "item 1 is not of 7"),
        ("The 4th, the 4th, the 4th, the 4th: 7 for Petra", {"order": [7, "Petra"]}, ""),
        ("- 4\n- 7", {"any_order": [[7], [4]]}, ""),
        ("- 4\n- 7", {"any_order": [[7]]}, "2 items, not 1"),
        ("|A|\n|-|\n|4 of 7|", {"rows": [["4"]]}, "row 1 is not 4"),
        ("|A|\n|-|\n|4 %|", {"rows": [["4"]], "columns": ["a"]}, ""),
        ("# Boats\n4\n# Nets\n7", {"sections": {"Nets": {"has": [4]}}}, "under Nets: lacks '4'"),
        ("All nets. So many!", {"initials": "as", "without": "x"}, ""),
        ("All nets. So many!", {"initials": "at"}, "the sentences begin with 'AS'"),
        ("One. Two three.", {"sentence_words": [1, 1]}, "words by sentence: [1, 2]"),
        ("", {}, "nothing is written"),
    ],
)
def test_each_condition(text: str, expected: dict[str, object], missed: str) -> None:
    said = graded(text, **expected)
    assert said[0] == 1.0 if not missed else missed in said[1]


def reference(question: Question, seed: int) -> tuple[Instance, str]:
    instance = question.instance(seed)
    (said,) = (step.text for step in instance.reference if isinstance(step, Say))
    return instance, said


def spoilt(text: str, dice: random.Random) -> dict[str, str]:
    """Return a report with one thing wrong with it, by what is wrong."""
    lines = text.splitlines()
    numbers = [one for one in figures(text) if ":" not in one.key and not one.is_word and one.key[0] != "v"]
    spoilt = {
        "a name": text.replace("\n", " of Torvaldsen\n", 1) if "\n" in text else f"{text[:-1]} with Torvaldsen.",
        "the end": "\n".join(lines[:-1]),
        "much more": "\n\n".join([text] * 4),
        "a preface": f"Certainly, here is what you asked for, and I hope that it will help you:\n\n{text}\n\n" * 3,
    }
    if (bare := "\n\n".join(line.strip("#|- 0123456789.") for line in lines)) != text and len(lines) > 1:
        spoilt["no marks"] = bare
    if numbers:
        one = dice.choice(numbers)
        spoilt["a figure"] = f"{text[: one.start]}7731{text[one.end :]}"
    return spoilt


@pytest.mark.parametrize("question", REPORTS, ids=lambda one: one.id)
def test_a_spoilt_report_fails(question: Question) -> None:
    for seed in range(2):
        instance, said = reference(question, seed)
        for what, text in spoilt(said, random.Random(seed)).items():
            grade = score(Answer(text), instance, Options())
            assert grade.score is not None
            assert grade.score <= 0.5, f"{what}: {text}"


DRESSES: tuple[tuple[str, str], ...] = (
    (r"(?m)^- ", "* "),
    (r"\n- ", "\n\n- "),
    (r"(?m)^## (.*)$", r"### **\1:**"),
    (r"(?m)^## (.*)$", r"**\1**\n"),
    (r"\b([A-Z][a-z]{3,})\b", r"**\1**"),
    (r"(\d) (?=[a-z])", "\\1\u00a0"),
    (r"\b0(\d:\d\d)", r"\1"),
    (r"(\d+) (January|March|May|August|November)", r"\2 \1"),
    (r" ?\| ?", "|"),
    (r"\| ---", "| :---:"),
    (r"\A|\Z", "\n```\n"),
    (r"(?<![\d.:#])([1-9])(\d{3})(?!\d)", r"\1,\2"),
)


@pytest.mark.parametrize("question", REPORTS, ids=lambda one: one.id)
def test_another_dress_of_the_report_passes(question: Question) -> None:
    instance, said = reference(question, 3)
    for worn, put_on in DRESSES:
        text = re.sub(worn, put_on, said)
        assert score(Answer(text), instance, Options()).evidence == (), text


@pytest.mark.parametrize("question", REPORTS, ids=lambda one: one.id)
def test_the_sources_are_no_report(question: Question) -> None:
    instance, _ = reference(question, 4)
    for text in (instance.prompt, instance.prompt.split("figures in digits.")[-1], instance.prompt.split("\n\n")[-1]):
        assert (score(Answer(text), instance, Options()).score or 0) <= 0.5


def test_an_open_report_may_have_figures_of_its_own() -> None:
    asked = Instance("q", 1, "Tell a tale.", "report", None, {"words": [1, 9]})
    scores = [score(Answer("There were 9 goats."), asked, Options(closed=closed)).score for closed in (True, False)]
    assert scores == [0.375, 1.0]
