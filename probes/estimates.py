"""What a run will take, said before it begins: rough, and meant to be on the high side of usual."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from probes.instance import Instance
from probes.question import Question

_CHARS_A_TOKEN = 4
_TOKENS_OUT = 1500
"""Of one answer, thoughts included."""
_TURNS = 8
_TOOL_TOKENS = 120
_RESULT_TOKENS = 250
_TOKENS_A_SECOND = 60.0
_FIRST_TOKEN = 1.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """Attempts and requests, tokens in and out, dollars (None without a price) and seconds."""

    attempts: int
    requests: int
    tokens_in: int
    tokens_out: int
    usd: float | None
    seconds: float

    def __str__(self) -> str:
        money = "no price is configured" if self.usd is None else f"${self.usd:.2f}"
        tokens = f"{_short(self.tokens_in)} tokens in and {_short(self.tokens_out)} out"
        time = f"{self.seconds / 60:.0f} min" if self.seconds >= 90 else f"{self.seconds:.0f} s"
        return f"about {self.attempts:,} attempts, {self.requests:,} requests, {tokens}, {money}, {time}"


def estimated(
    questions: Iterable[Question], epochs: int, *, price: Mapping[str, float] | None, at_once: int
) -> Estimate:
    """Return what these questions will take, asked so often; ``price`` is in dollars a million tokens."""
    drawn = [question.instance(0) for question in questions]
    turns = [_turns(one) for one in drawn]
    outs = [count * min(_TOKENS_OUT, one.max_tokens) for one, count in zip(drawn, turns, strict=True)]
    ins = [_tokens_in(one, count) for one, count in zip(drawn, turns, strict=True)]
    tokens_in, tokens_out, requests = epochs * sum(ins), epochs * sum(outs), epochs * sum(turns)
    usd = None if price is None else (tokens_in * price["input"] + tokens_out * price["output"]) / 1e6
    longest = max((out / _TOKENS_A_SECOND for out in outs), default=0.0)
    seconds = (tokens_out / _TOKENS_A_SECOND + requests * _FIRST_TOKEN) / at_once
    return Estimate(epochs * len(drawn), requests, tokens_in, tokens_out, usd, max(seconds, longest))


def _turns(instance: Instance) -> int:
    return (min(_TURNS, instance.max_turns) if instance.open_world else 1) + len(instance.then)


def _tokens_in(instance: Instance, turns: int) -> int:
    """Return the tokens of all prompts of an attempt: each one has all that came before."""
    tools = len(instance.open_world().tools) if instance.open_world else 0
    first = len(instance.system + instance.prompt) // _CHARS_A_TOKEN + tools * _TOOL_TOKENS
    grown = min(_TOKENS_OUT, instance.max_tokens) + _RESULT_TOKENS
    return turns * first + turns * (turns - 1) // 2 * grown


def _short(tokens: int) -> str:
    return f"{tokens / 1e6:.1f}M" if tokens >= 1e6 else f"{tokens / 1e3:.0f}k"
