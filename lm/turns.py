"""The agent's turns: think, call tools, read what they answer, think again; 10 to 100 times, within caps.

Every answer is replayed as it came, for the thoughts of earlier turns are what makes later ones good. The model ends by
calling ``submit``; at a cap it is told to, once, and the run ends with what it has.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, TypeVar

from pydantic import BaseModel

from core.errors import BudgetSpent, ModelError, NightdeskError
from core.lm import (
    Completion,
    Conversation,
    Ended,
    Form,
    Heard,
    ReadTool,
    Results,
    Run,
    Step,
    Submitted,
    Told,
    ToolCall,
    ToolResult,
    Unsubmitted,
    Usage,
)
from lm.arguments import arguments_of
from lm.model import Model
from lm.submit import NAME, Misfit, last_resort, submitted, tool_of

M = TypeVar("M", bound=BaseModel)
_ASTRAY = 3


@dataclass(frozen=True, slots=True)
class Caps:
    """Limits of one run: ``tokens`` in and out in all, ``money`` in the budget's unit.

    After ``seconds`` comes the last turn, which has ``last_seconds`` left. ``answer_tokens`` cap one turn,
    ``result_chars`` what is kept of a tool's answer.
    """

    turns: int = 100
    tokens: int = 2_000_000
    money: Decimal | None = None
    seconds: float = 1800.0
    last_seconds: float = 300.0
    answer_tokens: int = 8192
    result_chars: int = 20_000


@dataclass(slots=True)
class State(Generic[M]):
    """A run under way; ``ended`` is None until it is over, ``found`` the last answer read as a form."""

    conversation: Conversation
    started: float
    found: M | Misfit
    ended: Ended | None = None
    steps: list[Step] = field(default_factory=list)
    completions: list[Completion] = field(default_factory=list)
    astray: int = 0

    @property
    def usage(self) -> Usage:
        """Tokens of all turns."""
        return sum((one.usage for one in self.completions if one.usage), Usage())

    @property
    def cost(self) -> Decimal:
        """Cost of all turns, in the budget's unit."""
        return sum((one.cost for one in self.completions), Decimal(0))

    def run(self) -> Run[M]:
        """Return what came of it."""
        answers = tuple(self.completions)
        missing = self.found if isinstance(self.found, Misfit) else None
        return Run(
            Unsubmitted(missing.why, missing.detail, answers) if missing else Submitted(self.found, answers),  # type: ignore[arg-type]
            self.ended or "failed",
            tuple(self.steps),
            len(answers),
            self.usage,
            self.cost,
        )


@dataclass(frozen=True, slots=True)
class Agent(Generic[M]):
    """Works on a conversation with tools until it submits or a cap is reached.

    ``run`` is the whole loop; ``begin``, ``think`` and ``act`` are its steps, for a graph that draws it. Raises nothing
    of the model's: a failing host or a spent budget ends a run with what it has.
    """

    model: Model
    form: Form[M]
    stage: str
    tools: Sequence[ReadTool] = ()
    caps: Caps = Caps()
    watch: Callable[[Step], None] = lambda _: None
    now: Callable[[], float] = time.monotonic

    def run(self, conversation: Conversation) -> Run[M]:
        """Think and act in turn until it is over."""
        state = self.begin(conversation)
        while state.ended is None:
            self.think(state)
            if state.ended is None:
                self.act(state)
        return state.run()

    def begin(self, conversation: Conversation) -> State[M]:
        """Return the state before the first turn."""
        tools = (*(one.tool for one in self.tools), tool_of(self.form))
        asked = Conversation(conversation.system, conversation.messages, tools)
        return State(asked, self.now(), Misfit("empty", "the model was not asked"))

    def think(self, state: State[M]) -> None:
        """Ask for the next message; sets ``ended`` when it submits, is the last one, or cannot be had."""
        cap = self._cap(state)
        if cap is not None:
            self._tell(state, f"You have no more turns ({cap}). Call {NAME} now, with what you have found.")
        try:
            answer = self._ask(state)
        except ModelError as error:
            state.ended = "budget" if isinstance(error, BudgetSpent) else "failed"
            state.found = Misfit(state.found.why if isinstance(state.found, Misfit) else "empty", str(error))
            return
        state.found = submitted(self.form, answer)
        if isinstance(state.found, Misfit) and cap is not None:
            state.found = last_resort(self.form, answer, state.found)
        state.ended = "submitted" if not isinstance(state.found, Misfit) else cap

    def act(self, state: State[M]) -> None:
        """Run the tools that the last message calls, or say why it cannot be used."""
        answer, misfit = state.completions[-1], state.found
        if not isinstance(misfit, Misfit):
            return
        is_useful = not answer.defects and any(self._tool(call.name) for call in answer.tool_calls)
        state.astray = 0 if is_useful else state.astray + 1
        if answer.is_empty or "unreadable_arguments" in answer.defects:
            # Hosts cannot take such a message back.
            self._tell(state, f"This cannot be used: {misfit.detail}. Call a tool, or {NAME} when you are done.")
            return
        state.conversation = state.conversation.then(Heard(answer.raw))
        if answer.tool_calls:
            results = tuple(self._result(state, call, misfit) for call in answer.tool_calls)
            state.conversation = state.conversation.then(Results(results))
        else:
            self._tell(state, f"{misfit.detail}. Call a tool, or {NAME} when you are done.")

    def _ask(self, state: State[M]) -> Completion:
        left = state.started + self.caps.seconds + self.caps.last_seconds - self.now()
        answer = self.model.complete(
            state.conversation, stage=self.stage, max_tokens=self.caps.answer_tokens, seconds=left
        )
        state.completions.append(answer)
        for step in _steps(len(state.completions), answer):
            self._note(state, step)
        return answer

    def _cap(self, state: State[M]) -> Ended | None:
        """Return what makes the next turn the last one."""
        caps, last = self.caps, state.completions[-1].usage if state.completions else None
        next_turn = (last.total if last else 0) + caps.answer_tokens
        reached: tuple[tuple[bool, Ended], ...] = (
            (len(state.completions) + 1 >= caps.turns, "turns"),
            (state.usage.total + 2 * next_turn > caps.tokens, "tokens"),
            (self._is_dear(state), "money"),
            (self.now() - state.started >= caps.seconds, "time"),
            (state.astray >= _ASTRAY, "astray"),
        )
        return next((name for holds, name in reached if holds), None)

    def _is_dear(self, state: State[M]) -> bool:
        """Tell whether the next turn could leave too little for one more."""
        if self.caps.money is None:
            return False
        return state.cost + 2 * self.model.worst(state.conversation, self.caps.answer_tokens) > self.caps.money

    def _tool(self, name: str) -> ReadTool | None:
        return next((one for one in self.tools if one.tool.name == name), None)

    def _result(self, state: State[M], call: ToolCall, misfit: Misfit) -> ToolResult:
        text, is_error = self._read(call, misfit)
        kept = text if len(text) <= self.caps.result_chars else f"{text[: self.caps.result_chars]}\n[cut]"
        self._note(state, Step(len(state.completions), "error" if is_error else "result", kept, call.name))
        return ToolResult(call.id, kept, is_error)

    def _read(self, call: ToolCall, misfit: Misfit) -> tuple[str, bool]:
        """Return what a tool answers, and whether that is an error."""
        if call.name == NAME:
            return f"Not accepted: {misfit.detail}", True
        tool = self._tool(call.name)
        if tool is None:
            names = ", ".join([*(one.tool.name for one in self.tools), NAME])
            return f"There is no tool {call.name!r:.80}; there are {names}", True
        try:
            return tool.run(arguments_of(call) or {}), False
        except (NightdeskError, ValueError) as error:
            return f"{call.name} failed: {error}", True

    def _tell(self, state: State[M], text: str) -> None:
        """Say something, behind the last results too: hosts take a user's text after them."""
        self._note(state, Step(len(state.completions), "told", text))
        state.conversation = state.conversation.then(Told(text))

    def _note(self, state: State[M], step: Step) -> None:
        state.steps.append(step)
        self.watch(step)


def _steps(turn: int, answer: Completion) -> Iterator[Step]:
    if answer.thinking:
        yield Step(turn, "thought", answer.thinking)
    if answer.text.strip():
        yield Step(turn, "text", answer.text)
    for call in answer.tool_calls:
        yield Step(turn, "call", call.arguments, call.name)
