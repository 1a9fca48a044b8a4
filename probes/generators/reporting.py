"""What every question of a report has: its sources, and the rules that its scorer reads by."""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from probes.generators import Made

RULES = (
    "Write what is asked for and nothing before or behind it, in Markdown, without a title or any heading that is\n"
    "not asked for. Use no name that the sources do not have, and no figure but those of the sources, as they stand\n"
    "there, and those that you are asked to calculate. Write figures in digits."
)
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November")


def reported(sources: Iterable[str], expected: Mapping[str, Any], written: tuple[str, str], **values: Any) -> Made:
    """Return a question with its sources, a line each; ``written`` are a report that passes and one that fails."""
    told = {"sources": "\n".join(sources), "rules": RULES, **values}
    reference, wrong = (text.strip() for text in written)
    return Made(told, expected, reference, wrong)


def clock(minutes: int) -> str:
    """Return a time of day, of minutes after midnight."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def day(date: int) -> str:
    """Return a date as ``14 March``, of a number from 0 to 307; every month has 28 days."""
    return f"{date % 28 + 1} {MONTHS[date // 28]}"


def dated(date: int) -> list[str]:
    """Return the wordings of a date that will do."""
    number, month = day(date).split()
    return [f"{number} {month}", f"{month} {number}", f"{number} of {month}", f"{number} {month[:3]}"]


def rising(dice: random.Random, count: int, span: range) -> list[int]:
    """Return different numbers of a span in rising order."""
    return sorted(dice.sample(span, count))


def bullets(lines: Iterable[str]) -> str:
    """Return a list."""
    return "\n".join(f"- {line}" for line in lines)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
