"""Questions whose answer is one line."""

from collections.abc import Iterable, Mapping
from typing import Any

from probes.generators import Made


def short(values: Mapping[str, Any], answer: object, mistaken: object) -> Made:
    """Return what was drawn, with ``Answer:`` and the right or the mistaken answer behind it."""
    return Made(values, {"answer": answer}, f"Answer: {answer}", f"Answer: {mistaken}")


def listed(parts: Iterable[object]) -> str:
    """Return things separated by commas."""
    return ", ".join(map(str, parts))
