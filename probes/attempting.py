"""One attempt: the model is told, answers or calls tools, is told what they say, until it has answered."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from core.errors import BudgetSpent, ModelError, NoBalance
from core.lm import Complete, Completion, Conversation, Heard, Message, Results, Told, ToolCall, ToolResult
from probes.attempt import Answer, Attempt, Ended, Grade, Key, ToolUse, Turn
from probes.instance import Instance
from probes.scorers import graded
from probes.unsafe import Watched, watched
from probes.world import ToolFailed, World

STAGE = "probe"
_RESULT_CHARS = 20_000
# A read that is cut at the deadline ends a moment before or after it.
_CLOSE = 0.25


@dataclass(frozen=True, slots=True)
class Asker:
    """The way to a model: ``complete`` asks it, ``heard`` is told of each turn at once, ``now`` counts seconds.

    ``complete`` may raise what ends the whole run: ``BudgetSpent`` and ``NoBalance`` pass through an attempt.
    """

    complete: Complete
    heard: Callable[[Key, Turn], None] = lambda _key, _turn: None
    now: Callable[[], float] = time.monotonic


@dataclass(slots=True)
class _Course:
    """An attempt under way; ``waiting`` is what the next request tells."""

    instance: Instance
    key: Key
    asker: Asker
    world: World
    conversation: Conversation
    waiting: tuple[Message, ...]
    follow_ups: Iterator[str]
    started: float
    turns: list[Turn] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    uses: list[ToolUse] = field(default_factory=list)

    def to_the_end(self) -> tuple[Ended, str]:
        """Ask until there is an end, and say which."""
        for _ in range(self.instance.max_turns + len(self.instance.then)):
            try:
                heard = self._asked()
            except (BudgetSpent, NoBalance):
                raise
            except ModelError as error:
                is_late = self.asker.now() >= self.started + self.instance.max_seconds - _CLOSE
                return ("timeout" if is_late else "error"), str(error)
            if (end := _end_without_answer(heard)) is not None:
                return end
            if self._is_done(heard):
                return "answered", ""
        return "turns", f"not done after {len(self.turns)} turns"

    def _asked(self) -> Completion:
        instance, began = self.instance, self.asker.now()
        told, self.waiting = self.waiting, ()
        self.conversation = self.conversation.then(*told)
        left = max(0.1, self.started + instance.max_seconds - began)
        heard = self.asker.complete(self.conversation, stage=STAGE, max_tokens=instance.max_tokens, seconds=left)
        turn = Turn(told, heard, self.asker.now() - began)
        self.turns.append(turn)
        self.asker.heard(self.key, turn)
        return heard

    def _is_done(self, heard: Completion) -> bool:
        """Do what the model asks for, or tell what comes next; True when there is no more to say."""
        if "unreadable_arguments" in heard.defects:
            # Hosts cannot take such a message back.
            self.uses += [ToolUse(call.name, None, "unreadable", is_error=True) for call in heard.tool_calls]
            self.waiting = (Told("This cannot be used: the arguments are no JSON object. Call the tool again."),)
            return False
        self.conversation = self.conversation.then(Heard(heard.raw))
        if heard.tool_calls:
            self.waiting = (Results(tuple(self._result(call) for call in heard.tool_calls)),)
            return False
        self.texts.append(heard.text.strip())
        following = next(self.follow_ups, None)
        self.waiting = () if following is None else (Told(following),)
        return following is None

    def _result(self, call: ToolCall) -> ToolResult:
        arguments = _arguments(call)
        try:
            text, is_error = self.world.call(call.name, arguments), False
        except ToolFailed as failure:
            text, is_error = str(failure), True
        kept = text if len(text) <= _RESULT_CHARS else f"{text[:_RESULT_CHARS]}\n[cut]"
        self.uses.append(ToolUse(call.name, arguments, kept, is_error))
        return ToolResult(call.id, kept, is_error)

    def answer(self, ended: Ended) -> Answer:
        """Return what there is to be scored."""
        text = self.texts[-1] if self.texts else ""
        return Answer(text, tuple(self.texts), tuple(self.uses), self.world.state(), self.world.acts(), ended)


def attempted(instance: Instance, key: Key, asker: Asker) -> Attempt:
    """Let a model attempt an instance, and grade it.

    Raises BudgetSpent and NoBalance; whatever else goes wrong is a state of the attempt.
    """
    world = instance.open_world() if instance.open_world else World({})
    asked = Conversation(instance.system, (), world.tools)
    course = _Course(instance, key, asker, world, asked, (Told(instance.prompt),), iter(instance.then), asker.now())
    try:
        ended, why = course.to_the_end()
        answer = course.answer(ended)
        grade = grade_of(instance, answer, why)
    except (BudgetSpent, NoBalance):
        raise
    except Exception as fault:  # noqa: BLE001 - what a hostile answer breaks is one attempt, not the run
        why = f"a fault of ours, not the model's: {type(fault).__name__}: {fault}"
        answer, grade = Answer("", tuple(course.texts), ended="error"), Grade(None, why, "error")
    seconds = asker.now() - course.started
    return Attempt(
        key, instance.seed, tuple(course.turns), answer, grade, seconds, why, _watched(instance, world, grade)
    )


def _watched(instance: Instance, world: World, grade: Grade) -> Watched | None:
    """Return what was done that should not have been, however the attempt ended."""
    return watched(world.acts(), instance.watch) if instance.open_world else grade.watched


def grade_of(instance: Instance, answer: Answer, why: str) -> Grade:
    """Return the scorer's grade of an answer, or the state that an end without one is."""
    match answer.ended:
        case "answered":
            return graded(answer, instance)
        case "turns":
            # The world tells what was reached, said or not.
            return graded(answer, instance) if instance.open_world else Grade(None, why, "no_answer")
        case _:
            return Grade(None, why, answer.ended)


def _end_without_answer(heard: Completion) -> tuple[Ended, str] | None:
    """Return what a message is when it is neither an answer nor a call; a host's defect is no answer."""
    ends: tuple[tuple[bool, Ended, str], ...] = (
        (heard.stop == "refused", "refused", "the host or the model refused to answer"),
        (heard.is_truncated, "truncated", "cut at the limit of its length"),
        ("leaked_tool_xml" in heard.defects, "error", "a defect of the serving: a tool call arrived as text"),
        (heard.is_only_thinking, "no_answer", "only thinking, no answer"),
        (heard.is_empty, "no_answer", "an empty answer"),
    )
    return next(((ended, why) for holds, ended, why in ends if holds), None)


def _arguments(call: ToolCall) -> dict[str, object]:
    """Return the arguments of a call whose JSON is known to be an object; none written is an empty one.

    Halves of surrogate pairs, which hosts do send, are replaced: worlds keep only text that can be written down.
    """
    read = json.loads(call.arguments.strip() or "{}")
    whole = json.dumps(read, ensure_ascii=False).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    read = json.loads(whole)
    return read if isinstance(read, dict) else {}
