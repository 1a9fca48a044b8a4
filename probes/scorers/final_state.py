"""Final state: the world is as it was to become, whatever way led there.

``expected``: ``state``, by environment. What it names must be so; what it does not name may be anything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from probes.attempt import Answer, Grade, right, wrong
from probes.instance import Instance

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Options:
    """``whole`` are places, ``notes.notes``, where nothing may be that is not expected there."""

    whole: tuple[str, ...] = ()


def score(answer: Answer, instance: Instance, options: Options) -> Grade:
    """Return right when every difference that was asked for is there, and no other that matters."""
    differences = tuple(_differences(instance.expected["state"], answer.state, "", options))
    if differences:
        return wrong(f"{len(differences)} differences from what was asked: {differences[0]}", *differences)
    return right("the world is as it was asked to become")


def _differences(expected: Any, found: Any, place: str, options: Options) -> Iterator[str]:
    if not isinstance(expected, Mapping) or not isinstance(found, Mapping):
        if expected != found:
            yield f"{place} is {'not there' if found is _ABSENT else f'{found!r:.200}'}, not {expected!r:.200}"
        return
    for key, value in expected.items():
        yield from _differences(value, found.get(key, _ABSENT), f"{place}.{key}".lstrip("."), options)
    if place in options.whole:
        yield from (f"{place}.{key} is there" for key in found if key not in expected)
