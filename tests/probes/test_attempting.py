"""How an attempt ends, and what of it is a score."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.errors import BudgetSpent, ModelRefused, ModelUnreachable, NoBalance
from core.lm import Completion, Conversation, Heard, Results, Told, ToolCall
from probes.attempt import Attempt, Key, Turn
from probes.attempting import Asker, attempted
from probes.instance import Instance, Variation
from probes.script import Call, Say
from probes.world import World
from tests.probes.desk import Scripted, instance_of, stack_of


@pytest.fixture
def stack(tmp_path: Path) -> dict[str, Instance]:
    questions = stack_of(tmp_path, sums=1, errands=1)
    return {name: instance_of(questions, name)[1] for name in ("sum-0", "errand-0")}


class Says:
    """Answers what it is given, in order; an error is raised."""

    def __init__(self, *answers: Completion | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[Conversation] = []

    def __call__(self, conversation: Conversation, /, **_given: Any) -> Completion:
        self.asked.append(conversation)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def attempt(instance: Instance, *answers: Completion | Exception) -> Attempt:
    return attempted(instance, Key(instance.question_id, 0), Asker(Says(*answers)))


SAID = Completion('{"content": "x"}', text="Answer: 7")


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Completion("{}", text="no", stop="refused"), "refused"),
        (Completion("{}", text="Answer: 3", stop="length"), "truncated"),
        (Completion("{}", thinking="Hm."), "no_answer"),
        (Completion("{}", text=" \n"), "no_answer"),
        (Completion("{}", text="<minimax:tool_call>", defects=("leaked_tool_xml",)), "error"),
        (ModelUnreachable("gone"), "error"),
        (ModelRefused("400"), "error"),
    ],
)
def test_what_is_no_answer_is_a_state_and_no_score(
    stack: dict[str, Instance], answer: Completion | Exception, state: str
) -> None:
    grade = attempt(stack["sum-0"], answer).grade
    assert (grade.state, grade.score) == (state, None)
    assert grade.why


def test_an_answer_is_scored(stack: dict[str, Instance]) -> None:
    instance = stack["sum-0"]
    right = Completion("{}", text=f"Answer: {instance.expected['answer']}")
    assert attempt(instance, right).grade.score == 1.0
    assert attempt(instance, SAID).grade.score == 0.0


@pytest.mark.parametrize("error", [BudgetSpent("the cap"), NoBalance("empty")])
def test_what_ends_the_run_passes_through(stack: dict[str, Instance], error: Exception) -> None:
    with pytest.raises(type(error)):
        attempt(stack["sum-0"], error)


def test_time_that_is_over_is_a_timeout(stack: dict[str, Instance]) -> None:
    seconds = iter([0.0, 0.0, 900.0, 900.0, 900.0])
    asker = Asker(Says(ModelUnreachable("cut")), now=lambda: next(seconds))
    assert attempted(stack["sum-0"], Key("sum-0", 0), asker).grade.state == "timeout"


def test_an_agent_works_until_it_says_so(stack: dict[str, Instance]) -> None:
    instance = stack["errand-0"]
    model = Scripted({instance.prompt: instance.reference})
    made = attempted(instance, Key("errand-0", 0), Asker(model))
    assert made.grade.score == 1.0
    assert [use.tool for use in made.answer.uses] == ["list_notes", "read_note", "write_note"]
    assert [act.tool for act in made.answer.acts] == ["list_notes", "read_note", "write_note"]
    assert len(made.turns) == 4
    assert made.answer.ended == "answered"


def test_what_was_heard_goes_back_to_the_byte(stack: dict[str, Instance]) -> None:
    instance = stack["errand-0"]
    model = Scripted({instance.prompt: instance.reference})
    made = attempted(instance, Key("errand-0", 0), Asker(model))
    last = model.asked[-1].messages
    assert [one.raw for one in last if isinstance(one, Heard)] == [turn.heard.raw for turn in made.turns[:-1]]
    assert [type(one) for one in last] == [Told, *[Heard, Results] * 3]


def test_the_cap_on_turns_lets_the_world_speak(stack: dict[str, Instance]) -> None:
    instance = replace(stack["errand-0"], max_turns=3)
    made = attempted(instance, Key("errand-0", 0), Asker(Scripted({instance.prompt: instance.reference})))
    assert (made.answer.ended, made.grade.score) == ("turns", 1.0)
    instance = replace(instance, max_turns=2)
    made = attempted(instance, Key("errand-0", 0), Asker(Scripted({instance.prompt: instance.reference})))
    assert (made.answer.ended, made.grade.score) == ("turns", 0.0)


def test_tools_where_there_are_none_are_no_answer(stack: dict[str, Instance]) -> None:
    called = Completion("{}", tool_calls=(ToolCall("1", "search", "{}"),), stop="tools")
    made = attempt(stack["sum-0"], called)
    assert made.grade.state == "no_answer"
    assert made.answer.uses[0].result == "there is no tool 'search'; there are none"


def test_arguments_that_cannot_be_read_are_told_and_not_sent_back(stack: dict[str, Instance]) -> None:
    broken = Completion('{"x"}', tool_calls=(ToolCall("1", "read_note", "{"),), defects=("unreadable_arguments",))
    says = Says(broken, SAID)
    made = attempted(stack["errand-0"], Key("errand-0", 0), Asker(says))
    assert not any(isinstance(message, Heard) for message in says.asked[1].messages)
    assert made.answer.uses[0].arguments is None
    assert made.answer.text == "Answer: 7"


def test_arguments_come_as_text_that_can_be_written_down(stack: dict[str, Instance]) -> None:
    called = Completion("{}", tool_calls=(ToolCall("1", "write_note", '{"title": "\\ud83d", "text": "\ud83d"}'),))
    made = attempt(stack["errand-0"], called, SAID)
    assert made.answer.uses[0].arguments == {"title": "\ufffd", "text": "\ufffd"}
    assert "\ufffd" in made.answer.state["notes"]["notes"]


def test_what_is_told_after_an_answer_is_told(stack: dict[str, Instance]) -> None:
    instance = replace(stack["sum-0"], then=("Are you sure?", "Really?"))
    says = Says(SAID, SAID, replace(SAID, text="Answer: 8"))
    made = attempted(instance, Key("sum-0", 0), Asker(says))
    assert made.answer.texts == ("Answer: 7", "Answer: 7", "Answer: 8")
    assert [one.text for one in says.asked[-1].messages if isinstance(one, Told)][1:] == ["Are you sure?", "Really?"]


def test_turns_are_told_of_at_once(stack: dict[str, Instance]) -> None:
    seen: list[tuple[Key, Turn]] = []
    instance = stack["errand-0"]
    asker = Asker(Says(ModelUnreachable("gone")), lambda key, turn: seen.append((key, turn)))
    attempted(instance, Key("errand-0", 0), asker)
    assert seen == []
    first = Completion("{}", tool_calls=(ToolCall("1", "list_notes", ""),))
    attempted(instance, Key("errand-0", 1), replace(asker, complete=Says(first, ModelUnreachable("gone"))))
    assert [(key.epoch, turn.heard) for key, turn in seen] == [(1, first)]


def test_long_results_are_cut(stack: dict[str, Instance]) -> None:
    instance = stack["errand-0"]
    write = Call("write_note", {"title": "a" * 20_000, "text": "b"})
    script = (write, Call("list_notes"), Call("list_notes"), Say("Done."))
    made = attempted(instance, Key("errand-0", 0), Asker(Scripted({instance.prompt: script})))
    assert made.answer.uses[1].result.endswith("[cut]")
    assert len(made.answer.uses[1].result) < 20_010


def test_a_fault_of_ours_is_an_error_of_one_attempt(stack: dict[str, Instance]) -> None:
    instance = replace(stack["sum-0"], expected={})
    grade = attempt(instance, SAID).grade
    assert (grade.state, grade.score) == ("error", None)
    assert "a fault of ours" in grade.why


def test_a_variation_may_change_every_layer(stack: dict[str, Instance]) -> None:
    opened = stack["errand-0"].open_world
    assert opened is not None

    def shut(instance: Instance) -> Instance:
        return replace(instance, prompt=instance.prompt.upper(), open_world=lambda: Shut(opened()))

    varied = Variation("shut", shut).apply(stack["errand-0"])
    made = attempted(varied, Key("errand-0", 0), Asker(Scripted({varied.prompt: stack["errand-0"].reference})))
    assert made.answer.uses[0].result == "shut"
    assert made.grade.score == 0.0


class Shut(World):
    """A world whose tools only say that they are shut."""

    def __init__(self, world: World) -> None:
        super().__init__({"notes": _Shut(world)})


class _Shut:
    def __init__(self, world: World) -> None:
        self.tools = world.tools
        self.restore = self.snapshot = lambda *_: None
        self.state = lambda: world.state()["notes"]

    def call(self, *_: object) -> str:
        return "shut"

    def effects(self) -> tuple[()]:
        return ()
