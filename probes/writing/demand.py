"""What is demanded of a text or of one section of it: a table of keys, read once, each a condition or several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from core.errors import ConfigError

Phrase = tuple[str, ...]
"""One fact in all the wordings that will do; a figure will do in any form."""
Group = tuple[Phrase, ...]
"""Facts that belong together."""
Span = tuple[int, int]
"""From, to."""
_SPANS = ("words", "sentences", "sentence_words", "item_words", "paragraphs")
_GROUPS = ("together", "items", "rows")


@dataclass(frozen=True, slots=True)
class Demand:
    """What must hold, each key where it is given.

    ``words``, ``sentences``, ``paragraphs`` count all of them; ``sentence_words`` and ``item_words`` hold for each one.
    ``headings`` and ``columns`` are exact. ``has`` and ``lacks`` are facts, ``order`` facts that come one after the
    other. Facts ``together`` share a sentence, an item or a row; ``items`` and ``rows`` are exact, in order and number;
    ``any_order`` of ``items``, each has one of its own. ``initials`` are the sentences' first letters; ``without`` are
    letters that stand nowhere. ``sections`` demand the same of what is below a heading.
    """

    words: Span | None = None
    sentences: Span | None = None
    sentence_words: Span | None = None
    item_words: Span | None = None
    paragraphs: Span | None = None
    headings: tuple[str, ...] | None = None
    columns: tuple[str, ...] | None = None
    has: Group = ()
    lacks: Group = ()
    order: Group = ()
    together: tuple[Group, ...] = ()
    items: tuple[Group, ...] | None = None
    any_order: tuple[Group, ...] | None = None
    rows: tuple[Group, ...] | None = None
    initials: str = ""
    without: str = ""
    sections: Mapping[str, "Demand"] = field(default_factory=dict)


def demand(told: Mapping[str, Any]) -> Demand:
    """Read a demand.

    Raises ConfigError that names a key which there is not.
    """
    known = {one.name for one in fields(Demand)}
    if unknown := sorted(set(told) - known):
        raise ConfigError(f"[expected]: unknown key {unknown[0]!r}; there are {', '.join(sorted(known))}")
    return Demand(**{key: _read(key, value) for key, value in told.items()})


def _read(key: str, value: Any) -> Any:
    if key in _SPANS:
        return (int(value[0]), int(value[1]))
    if key in ("headings", "columns"):
        return tuple(value)
    if key in ("has", "lacks", "order"):
        return _group(value)
    if key in (*_GROUPS, "any_order"):
        return tuple(_group(one) for one in value)
    if key == "sections":
        return {heading: demand(its) for heading, its in value.items()}
    return str(value)


def _group(value: Sequence[Any]) -> Group:
    """Return facts; a list among them is one fact in several wordings."""
    return tuple(tuple(map(str, one)) if isinstance(one, list | tuple) else (str(one),) for one in value)
