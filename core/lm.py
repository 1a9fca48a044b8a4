"""What is said to a language model and what comes back: values and ports that every part may hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, Literal, Protocol, TypeVar

A = TypeVar("A")

Stop = Literal["end", "tools", "length", "refused", "other"]
Defect = Literal["leaked_tool_xml", "repeating_thought", "unreadable_arguments"]
"""What a serving did wrong, not the model: counted, never taken for an answer."""
Unit = Literal["usd", "tokens"]
Why = Literal["empty", "only_thinking", "truncated", "refused", "malformed", "invalid", "ambiguous", "leaked_tool_xml"]
"""Why there is no answer in the form that was asked for."""
Ended = Literal["submitted", "turns", "tokens", "money", "time", "budget", "astray", "failed"]
"""What ended a run: the model's answer, a cap, the night's budget, three answers without use, a failing host."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of a call; ``input`` counts those neither read from nor written to the cache."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.input + other.input,
            self.output + other.output,
            self.cache_read + other.cache_read,
            self.cache_write + other.cache_write,
        )

    @property
    def prompt(self) -> int:
        """All tokens that went in."""
        return self.input + self.cache_read + self.cache_write

    @property
    def total(self) -> int:
        """All tokens, in and out."""
        return self.prompt + self.output


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that a model may call; ``parameters`` is the JSON schema of an object."""

    name: str
    description: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that a model wrote; ``arguments`` is JSON text as it came, perhaps broken."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool answered to the call of that id."""

    id: str
    content: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What we tell the model."""

    text: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What the model said: the JSON text of its message, replayed as it came, to the byte."""

    raw: str


@dataclass(frozen=True, slots=True)
class Results:
    """What the tools answered to all calls of the message before."""

    results: tuple[ToolResult, ...]


Message = Told | Heard | Results


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is sent: ``tools`` and ``system`` never change in a conversation and are cached; ``messages`` grow."""

    system: str
    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()

    def then(self, *messages: Message) -> "Conversation":
        """Return the conversation with these messages behind."""
        return Conversation(self.system, (*self.messages, *messages), self.tools)


@dataclass(frozen=True, slots=True)
class Completion:
    """What came back; ``text`` is without the thinking, ``raw`` the message's JSON text to be replayed.

    ``usage`` is None when the host reported none; ``cost`` is what the call took of the budget, in its unit, lost
    attempts included; ``model`` is the name that the host answered with.
    """

    raw: str
    text: str = ""
    thinking: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage | None = None
    stop: Stop = "end"
    defects: tuple[Defect, ...] = ()
    model: str = ""
    cost: Decimal = Decimal(0)

    @property
    def is_truncated(self) -> bool:
        """Tell whether the answer was cut at its cap of tokens."""
        return self.stop == "length"

    @property
    def is_empty(self) -> bool:
        """Tell whether there is neither text nor a call."""
        return not self.text.strip() and not self.tool_calls

    @property
    def is_only_thinking(self) -> bool:
        """Tell whether the model thought and said nothing."""
        return self.is_empty and bool(self.thinking.strip())


class Complete(Protocol):
    """Asks a model for its next message; raises ModelError."""

    def __call__(
        self, conversation: Conversation, /, *, stage: str, max_tokens: int, seconds: float | None = None
    ) -> Completion:
        """Return the model's message; ``stage`` names what the spending is for, ``seconds`` cap it with all retries."""
        ...


@dataclass(frozen=True, slots=True)
class Form(Generic[A]):
    """What is asked for: a pydantic model, what submitting means, and what else must hold.

    ``problem`` returns what is wrong with a value that fits the model, or an empty text: ids that were not asked for.
    """

    model: type[A]
    description: str
    problem: Callable[[A], str] = lambda _: ""


@dataclass(frozen=True, slots=True)
class Submitted(Generic[A]):
    """An answer in the form that was asked for, and every message it took."""

    value: A
    completions: tuple[Completion, ...]


@dataclass(frozen=True, slots=True)
class Unsubmitted:
    """No answer in that form; never to be taken for a verdict."""

    why: Why
    detail: str
    completions: tuple[Completion, ...]


class Submit(Protocol):
    """Asks a model for an answer in a form; raises ModelError when it cannot be asked."""

    def __call__(
        self, conversation: Conversation, form: Form[A], /, *, stage: str, max_tokens: int
    ) -> Submitted[A] | Unsubmitted:
        """Return the answer, or why there is none."""
        ...


@dataclass(frozen=True, slots=True)
class ReadTool:
    """A tool that only reads; ``run`` takes the arguments, and tells by NightdeskError or ValueError what is wrong."""

    tool: Tool
    run: Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened in an agent's run, for a person who watches; ``name`` is the tool's."""

    turn: int
    kind: Literal["thought", "text", "call", "result", "error", "told"]
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Run(Generic[A]):
    """What came of an agent's run: the answer or why there is none, what ended it, its steps and what it took."""

    outcome: Submitted[A] | Unsubmitted
    ended: Ended
    steps: tuple[Step, ...]
    turns: int
    usage: Usage
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at of a serving; ``ok`` is None where it could not be found out.

    ``advice`` says what to do.
    """

    name: str
    ok: bool | None
    detail: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Expense:
    """What a call may cost at most, before it is made."""

    stage: str
    model: str
    unit: Unit
    amount: Decimal


class SpendLedger(Protocol):
    """Keeps what a night spent, across processes and restarts.

    What was reserved and not settled counts as spent. Amounts are multiples of 10^-12, so that a database can sum them
    exactly as integers.
    """

    def reserve(self, expense: Expense, limit: Decimal | None, /) -> int | None:
        """Write the expense down, unless the unit's sum would pass the limit; return its number, or None.

        Atomic: of two that fit only one at a time, one gets None.
        """
        ...

    def settle(self, reservation: int, amount: Decimal, usage: Usage | None, /) -> None:
        """Replace what was reserved by what it took."""
        ...

    def spent(self, unit: Unit, /) -> Decimal:
        """Return the sum of what was settled and of what is reserved."""
        ...
