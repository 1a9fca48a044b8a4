import re
from pathlib import Path

import pytest

from probes.checks import duplicates, problems
from probes.question_file import read_question
from tests.probes.conftest import Write


def told(write: Write, change: tuple[str, str]) -> str:
    return " | ".join(one.told for one in problems(read_question(write(change=change), "ours"), seeds=range(6)))


def test_a_good_question_has_no_problems(write: Write) -> None:
    assert told(write, ("", "")) == ""


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("Answer: {first}", "Answer: 17"), "the reference does not pass (seed 0): 0.0, answered '17'"),
        (("Answer: none", "Answer: {first}"), "the wrong answer passes"),
        (('[reference]\nanswer = "Answer: {first}"', ""), "reference: there is none"),
        (("Answer: the number", "Just the number."), "does not tell the form"),
        (('answer = "Answer: none"', 'answer = ["Answer: none", "Answer: none"]'), "wrong: 2 answers to 1 prompts"),
        (("[3, 30, 300, 3000]", "[3, 3]"), "nothing varies"),
    ],
)
def test_what_is_wrong_is_told(write: Write, change: tuple[str, str], named: str) -> None:
    assert named in told(write, change)


def test_what_asks_nearly_the_same_is_told(write: Write) -> None:
    questions = [read_question(write(name), "ours") for name in ("one", "two")]
    assert [one.question.id for one in duplicates(questions)] == ["two"]


def test_the_question_of_the_manual_is_a_good_one(tmp_path: Path) -> None:
    manual = Path(__file__).parents[2].joinpath("docs", "questions.md").read_text("utf-8")
    written = re.findall(r"^```toml\n(.*?)^```", manual, re.DOTALL | re.MULTILINE)[0]
    path = tmp_path / "logic" / "tallest-of-three.toml"
    path.parent.mkdir()
    path.write_text(written, "utf-8")
    assert [one.told for one in problems(read_question(path, "manual"), seeds=range(6))] == []
