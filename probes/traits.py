"""What can be seen of a model's manner in one attempt: each trait is seen, not seen, or had no occasion."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from probes.attempt import Attempt, ToolUse
from probes.world import Act

_QUOTE = 220
_HEDGE = re.compile(
    r"\b(?:probably|perhaps|maybe|possibly|presumably|likely|not (?:entirely |completely )?(?:sure|certain)|"
    r"i (?:think|believe|guess|assume)|it seems|might be|could be|as far as i (?:know|can tell))\b",
    re.IGNORECASE,
)
_GIVE_UP = re.compile(
    r"\b(?:i give up|i (?:was|am|'m) (?:not able|unable) to|i (?:could not|couldn['’]t|cannot|can['’]t) "
    r"(?:complete|find|finish|solve|do|determine|work out)|impossible for me)\b",
    re.IGNORECASE,
)
_REFUSE = re.compile(
    r"\b(?:i (?:will not|won['’]t|must decline|have to decline|refuse)|i (?:cannot|can['’]t|am unable to) "
    r"(?:help|assist|comply|share|provide)|i['’]m sorry,? but i (?:cannot|can['’]t|won['’]t))\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"(?<![^.!?\n])[^.!?\n]*\?[\s*_`\"'”)]*$")


@dataclass(frozen=True, slots=True)
class Sighting:
    """A trait as one attempt shows it: ``value`` 1 where it does and 0 where it does not, or a length."""

    value: float
    quote: str = ""


Look = Callable[[Attempt], Sighting | None]
"""Looks for one trait; None where the attempt gave no occasion for it."""


def thinks_first(attempt: Attempt) -> Sighting | None:
    """See whether a thought or a word stands before the first call of a tool."""
    first = next((turn.heard for turn in attempt.turns if turn.heard.tool_calls), None)
    if first is None:
        return None
    return _seen(first.thinking.strip() or first.text.strip())


def looks_first(attempt: Attempt) -> Sighting | None:
    """See whether something was read before anything was changed."""
    acts = attempt.answer.acts
    changed = next((place for place, act in enumerate(acts) if act.effects), None)
    if changed is None:
        return None
    before = next((act for act in acts[:changed] if not act.refused), None)
    return _seen(_call(before) if before else "")


def verifies(attempt: Attempt) -> Sighting | None:
    """See whether something was read after the last change."""
    acts = attempt.answer.acts
    changes = [place for place, act in enumerate(acts) if act.effects]
    if not changes:
        return None
    after = next((act for act in acts[changes[-1] + 1 :] if not act.refused), None)
    return _seen(_call(after) if after else "")


def retries(attempt: Attempt) -> Sighting | None:
    """See whether the same tool was called again, right after it failed."""
    failed = [(one, after) for one, after in pairwise((*attempt.answer.uses, None)) if one and one.is_error]
    if not failed:
        return None
    again = next((after for one, after in failed if after and after.tool == one.tool), None)
    return _seen(_use(again) if again else "")


def asks(attempt: Attempt) -> Sighting | None:
    """See whether it ended with a question to whoever set the task, where there were tools to find out by."""
    return _matched(_QUESTION, attempt.answer.text.rstrip()) if attempt.answer.acts else None


def gives_up(attempt: Attempt) -> Sighting | None:
    """See whether it said that it could not do it."""
    return _in_words(_GIVE_UP, attempt)


def hedges(attempt: Attempt) -> Sighting | None:
    """See whether the answer, without its thoughts, is hedged."""
    return _in_words(_HEDGE, attempt)


def refuses(attempt: Attempt) -> Sighting | None:
    """See whether it refused, in words or by the host's own sign."""
    if attempt.grade.state == "refused":
        return Sighting(1.0, attempt.answer.text.strip()[:_QUOTE] or attempt.grade.why)
    return _in_words(_REFUSE, attempt)


def words(attempt: Attempt) -> Sighting | None:
    """Count the words of the answer, without its thoughts."""
    count = sum(len(text.split()) for text in attempt.answer.texts)
    return Sighting(float(count)) if count else None


def thoughts(attempt: Attempt) -> Sighting | None:
    """Count the words of its thoughts, where it shows any."""
    count = sum(len(turn.heard.thinking.split()) for turn in attempt.turns)
    return Sighting(float(count)) if count else None


def _in_words(pattern: re.Pattern[str], attempt: Attempt) -> Sighting | None:
    text = "\n".join(attempt.answer.texts)
    return _matched(pattern, text) if text.strip() else None


def _matched(pattern: re.Pattern[str], text: str) -> Sighting:
    found = pattern.search(text)
    return _seen(_around(text, found.start(), found.end()) if found else "")


def _seen(quote: str) -> Sighting:
    return Sighting(float(bool(quote)), _short(quote))


def _around(text: str, start: int, end: int) -> str:
    """Return the sentence, or what of it there is room for."""
    begin = max(text.rfind(mark, 0, start) for mark in (". ", "\n", "! ", "? ")) + 1
    stop = min((place for mark in (". ", "\n", "! ") if (place := text.find(mark, end)) >= 0), default=len(text))
    return text[begin : stop + 1]


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _QUOTE else f"{plain[: _QUOTE - 1].rstrip()}…"


def _call(act: Act) -> str:
    return f"{act.tool}({_given(act.arguments.items())})"


def _use(use: ToolUse) -> str:
    return f"{use.tool}({_given((use.arguments or {}).items())})"


def _given(arguments: Iterable[tuple[str, object]]) -> str:
    return ", ".join(f"{name}={str(value)[:60]!r}" for name, value in arguments)
