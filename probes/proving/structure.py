"""A finite structure: a domain of numbers, and what each name, function and predicate means in it.

Domain: 0, 1, 2
P: 0, 2
R: (0, 1), (1, 2)
a: 1
f: (0) -> 1, (1) -> 2, (2) -> 0
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from probes.proving import UnreadableError
from probes.proving.formula import Formula, Term

_DOMAIN = 6
_TEXT = 8000
# A list may stand below its name, unless that is the line of another name.
_LINE = re.compile(
    r"^(?:[^\S\n]|[>*`-])*([A-Za-z]\w{0,20})[\s*`]*+:(?:[^\S\n]|[*`])*+(?:\n[\s*`]*+(?=[^\n:]*$))?([^\n:]*)$",
    re.MULTILINE,
)
_BEHIND = " \t\r\xa0.*`"
_ENTRY = re.compile(r"\(?\s*(\d(?:\s*,\s*\d)*)\s*\)\s*(?:(?:->|→|=)\s*(\d))?|(\d)\s*(?:(?:->|→|=)\s*(\d))?|([,;{}\s]+)")
_EMPTY = ("none", "empty", "-", "∅", "{}", "")
_Places = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """``relations`` and ``functions`` by name; a name is a function of nothing, a proposition a relation of nothing."""

    domain: tuple[int, ...]
    relations: Mapping[str, frozenset[_Places]] = field(default_factory=dict)
    functions: Mapping[str, Mapping[_Places, int]] = field(default_factory=dict)


def read_structure(text: str) -> Structure:
    """Return the structure that a text tells; of two lines with one name the last counts.

    Raises UnreadableError.
    """
    lines = {match[1]: match[2].rstrip(_BEHIND) for match in _LINE.finditer(text[-_TEXT:])}
    domain = tuple(sorted({places[0] for places in _entries(lines.pop("Domain", "")) if len(places) == 1}))
    if not 0 < len(domain) <= _DOMAIN:
        raise UnreadableError(f"a line Domain: with one to {_DOMAIN} of the digits 0 to 9")
    return Structure(
        domain,
        {name: frozenset(_entries(told)) for name, told in lines.items() if name[0].isupper() and _is_data(told)},
        {name: _function(told) for name, told in lines.items() if name[0].islower() and _is_data(told)},
    )


def holds(formula: Formula, structure: Structure, values: Mapping[str, int] | None = None) -> bool:
    """Tell whether a formula is true in a structure.

    Raises UnreadableError when the structure does not say what a name means.
    """
    named = values or {}
    if formula.op == "atom":
        return _place(formula.of, structure, named) in _relation(formula.name, structure)
    if formula.op == "=":
        return len(set(_place(formula.of, structure, named))) == 1
    if formula.op in ("all", "exists"):
        each = (holds(formula.parts[0], structure, {**named, formula.name: one}) for one in structure.domain)
        return all(each) if formula.op == "all" else any(each)
    return _combined(formula.op, [holds(part, structure, named) for part in formula.parts])


def _combined(op: str, parts: list[bool]) -> bool:
    if op == "false":
        return False
    if op == "not":
        return not parts[0]
    left, right = parts
    return {"and": left and right, "or": left or right, "->": not left or right, "<->": left == right}[op]


def _relation(name: str, structure: Structure) -> frozenset[_Places]:
    if name not in structure.relations:
        raise UnreadableError(f"there is no line {name}:")
    return structure.relations[name]


def _place(terms: tuple[Term, ...], structure: Structure, values: Mapping[str, int]) -> _Places:
    return tuple(_value(term, structure, values) for term in terms)


def _value(term: Term, structure: Structure, values: Mapping[str, int]) -> int:
    if term.name in values and not term.of:
        return values[term.name]
    places = _place(term.of, structure, values)
    value = structure.functions.get(term.name, {}).get(places)
    if value not in structure.domain:
        raise UnreadableError(f"{term.name}{places or ''} is not told, or is not in the domain")
    return value


def _is_data(told: str) -> bool:
    return told.casefold() in (*_EMPTY, "true", "false") or _ENTRY.sub("", told) == ""


def _entries(told: str) -> list[_Places]:
    """Return the tuples of a list; ``true`` is the one of a proposition."""
    if told.casefold() == "true":
        return [()]
    found = [match[1] or match[3] for match in _ENTRY.finditer(told)]
    return [tuple(map(int, re.findall(r"\d", one))) for one in found if one]


def _function(told: str) -> dict[_Places, int]:
    found: dict[_Places, int] = {}
    for match in _ENTRY.finditer(told):
        arguments, value = (match[1], match[2]) if match[1] else (match[3], match[4])
        if value:
            found[tuple(map(int, re.findall(r"\d", arguments)))] = int(value)
        elif arguments:
            found[()] = int(arguments[0])
    return found
