"""Natural deduction, line by line: each line hangs on the assumptions that it was made of, as in Lemmon's layout.

    1. P -> Q [premise]
    2. not Q [assume]

A rule looks at the lines that it names and says whether the new formula follows. There is no nesting to get wrong: a
discharge takes an assumption out of what the line hangs on.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from probes.proving import UnreadableError
from probes.proving.formula import FALSE, Formula, Term, free_names, names_of, negated, parsed

_LINES = 150
_LINE = re.compile(
    r"^[\s>*|`-]*(\d{1,3})[.):]([^\[\]]{1,600})\[\s*([a-z][a-z -]*+)[\s:]*+((?:\d[\d\s,and-]*+)?)\]", re.I
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a proof; ``hangs_on`` are the numbers of the premises and assumptions that it was made of."""

    formula: Formula
    hangs_on: frozenset[int] = frozenset()
    is_assumed: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A line as it was written: its number, formula, rule, and the lines that the rule names."""

    number: int
    formula: str
    rule: str
    refers: tuple[int, ...]


class StepError(ValueError):
    """A line that does not follow; says which and why."""


def written(text: str) -> list[Written]:
    """Return the lines of the last proof in a text; a line numbered 1 begins another one."""
    found: list[Written] = []
    for match in filter(None, map(_LINE.match, text.splitlines())):
        number, formula, rule, refers = match.groups()
        found = [] if int(number) == 1 else found
        numbers = tuple(map(int, re.findall(r"\d+", refers)))
        named = " ".join(rule.casefold().replace("-", " ").split())
        found.append(Written(int(number), formula.strip(), named, numbers))
    return found


def proved(lines: Sequence[Written], premises: Sequence[Formula]) -> Formula:
    """Return what a proof ends with, from the premises alone.

    Raises StepError for the first line that does not follow, and for a last line that hangs on an assumption.
    """
    if not 0 < len(lines) <= _LINES:
        raise StepError(f"{len(lines)} lines of the form: number. formula [rule lines]")
    known: dict[int, Line] = {}
    for line in lines:
        try:
            known[line.number] = _followed(line, known, premises)
        except (UnreadableError, StepError) as error:
            raise StepError(f"line {line.number}, {line.formula:.80} [{line.rule}]: {error}") from error
    last = known[lines[-1].number]
    left = sorted(number for number in last.hangs_on if known[number].is_assumed)
    if left:
        raise StepError(f"the last line hangs on the assumption of line {left[0]}")
    return last.formula


def _followed(line: Written, known: dict[int, Line], premises: Sequence[Formula]) -> Line:
    formula = parsed(line.formula)
    if line.number in known:
        raise StepError("this number is taken")
    if line.rule == "premise":
        return _premise(formula, line.number, premises)
    if line.rule in ("assume", "assumption"):
        return Line(formula, frozenset({line.number}), is_assumed=True)
    if line.rule not in _RULES:
        raise StepError(f"there is no rule {line.rule!r}")
    count, rule = _RULES[line.rule]
    missing = [number for number in line.refers if number not in known]
    if missing or len(line.refers) != count:
        raise StepError(f"this rule names {count} earlier lines, not {list(line.refers)}")
    return Line(formula, rule(formula, [_Named(number, known[number], known) for number in line.refers]))


def _premise(formula: Formula, number: int, premises: Sequence[Formula]) -> Line:
    if formula not in premises:
        raise StepError("this is no premise")
    return Line(formula, frozenset({number}))


@dataclass(frozen=True, slots=True)
class _Named:
    """A line that a rule names, with its number, and all lines before."""

    number: int
    line: Line
    known: dict[int, Line]

    @property
    def formula(self) -> Formula:
        return self.line.formula

    def is_free_below(self, name: str) -> bool:
        """Tell whether a name stands in what this line hangs on."""
        return any(name in free_names(self.known[one].formula) for one in self.line.hangs_on)


_Rule = Callable[[Formula, Sequence[_Named]], frozenset[int]]


def _plain(follows: Callable[[Formula, Sequence[Formula]], bool]) -> _Rule:
    """Return the rule that discharges nothing."""

    def rule(new: Formula, named: Sequence[_Named]) -> frozenset[int]:
        _require(follows(new, [one.formula for one in named]), "this does not follow by the rule")
        return frozenset().union(*(one.line.hangs_on for one in named))

    return rule


def _require(holds: bool, why: str) -> None:  # noqa: FBT001 - a condition, not a flag
    if not holds:
        raise StepError(why)


def _if_intro(new: Formula, named: Sequence[_Named]) -> frozenset[int]:
    assumed, reached = named
    _require(assumed.line.is_assumed, "the first line named is no assumption")
    _require(new == Formula("->", (assumed.formula, reached.formula)), "this is not: assumption -> line")
    return reached.line.hangs_on - {assumed.number}


def _not_intro(new: Formula, named: Sequence[_Named]) -> frozenset[int]:
    assumed, reached = named
    _require(assumed.line.is_assumed, "the first line named is no assumption")
    _require(reached.formula == FALSE, "the second line named is not false")
    _require(new == negated(assumed.formula), "this is not the negation of the assumption")
    return reached.line.hangs_on - {assumed.number}


def _by_contradiction(new: Formula, named: Sequence[_Named]) -> frozenset[int]:
    assumed, reached = named
    _require(assumed.line.is_assumed and assumed.formula == negated(new), "the first line does not assume its negation")
    _require(reached.formula == FALSE, "the second line named is not false")
    return reached.line.hangs_on - {assumed.number}


def _all_intro(new: Formula, named: Sequence[_Named]) -> frozenset[int]:
    (one,) = named
    _require(new.op == "all", "this does not begin with all")
    term = _instance(new, one.formula)
    if term is not None:
        _require(not term.of, "what is generalised is no name")
        _require(term.name not in free_names(new), f"{term.name} still stands in it")
        _require(
            not one.is_free_below(term.name), f"{term.name} is not arbitrary: a premise or assumption speaks of it"
        )
    return one.line.hangs_on


def _exists_elim(new: Formula, named: Sequence[_Named]) -> frozenset[int]:
    some, assumed, reached = named
    _require(some.formula.op == "exists", "the first line named does not begin with exists")
    _require(assumed.line.is_assumed, "the second line named is no assumption")
    _require(new == reached.formula, "this is not the third line named")
    term = _instance(some.formula, assumed.formula)
    left = reached.line.hangs_on - {assumed.number}
    if term is not None:
        _require(not term.of, "the assumption does not speak of a name")
        speak = [some.formula, new, *(some.known[one].formula for one in left)]
        _require(not any(term.name in free_names(formula) for formula in speak), f"{term.name} is not new")
    return left | some.line.hangs_on


def _instance(quantified: Formula, formula: Formula) -> Term | None:
    """Return the term that, put in for the variable, makes the formula; None where the variable does not occur.

    Raises StepError when none does, or when a quantifier would catch it.
    """
    found: set[Term] = set()
    _require(_matches(quantified.parts[0], formula, _Match(quantified.name, found)), "this is no instance of it")
    _require(len(found) <= 1, "different terms stand for one variable")
    return next(iter(found), None)


@dataclass(frozen=True, slots=True)
class _Match:
    """What stands for a variable, under the variables that are bound on the way."""

    variable: str
    found: set[Term]
    bound: frozenset[str] = frozenset()


def _matches(pattern: Formula, formula: Formula, match: _Match) -> bool:
    if (pattern.op, pattern.name, len(pattern.of)) != (formula.op, formula.name, len(formula.of)):
        return False
    if pattern.op in ("all", "exists"):
        if pattern.name == match.variable:
            return pattern == formula
        match = _Match(match.variable, match.found, match.bound | {pattern.name})
    return all(_term_matches(*pair, match) for pair in zip(pattern.of, formula.of, strict=True)) and all(
        _matches(*pair, match) for pair in zip(pattern.parts, formula.parts, strict=True)
    )


def _term_matches(pattern: Term, term: Term, match: _Match) -> bool:
    if pattern == Term(match.variable):
        match.found.add(term)
        return not match.bound & set(names_of(term))
    if pattern.name != term.name or len(pattern.of) != len(term.of):
        return False
    return all(_term_matches(*pair, match) for pair in zip(pattern.of, term.of, strict=True))


def _is(op: str, formula: Formula) -> bool:
    return formula.op == op


def _is_instance(quantified: Formula, formula: Formula) -> bool:
    _instance(quantified, formula)
    return True


_RULES: dict[str, tuple[int, _Rule]] = {
    "repeat": (1, _plain(lambda new, named: new == named[0])),
    "and intro": (2, _plain(lambda new, named: new == Formula("and", tuple(named)))),
    "and elim": (1, _plain(lambda new, named: _is("and", named[0]) and new in named[0].parts)),
    "or intro": (1, _plain(lambda new, named: _is("or", new) and named[0] in new.parts)),
    "or elim": (3, _plain(lambda new, named: _is("or", named[0]) and list(named[1:]) == [
        Formula("->", (part, new)) for part in named[0].parts])),
    "if intro": (2, _if_intro),
    "if elim": (2, _plain(lambda new, named: named[0] == Formula("->", (named[1], new)))),
    "not intro": (2, _not_intro),
    "not elim": (2, _plain(lambda new, named: new == FALSE and named[1] == negated(named[0]))),
    "false elim": (1, _plain(lambda _new, named: named[0] == FALSE)),
    "by contradiction": (2, _by_contradiction),
    "iff intro": (2, _plain(lambda new, named: _is("<->", new) and list(named) == [
        Formula("->", new.parts), Formula("->", new.parts[::-1])])),
    "iff elim": (1, _plain(lambda new, named: _is("<->", named[0]) and new in (
        Formula("->", named[0].parts), Formula("->", named[0].parts[::-1])))),
    "all elim": (1, _plain(lambda new, named: _is("all", named[0]) and _is_instance(named[0], new))),
    "all intro": (1, _all_intro),
    "exists intro": (1, _plain(lambda new, named: _is("exists", new) and _is_instance(new, named[0]))),
    "exists elim": (3, _exists_elim),
}  # fmt: skip
RULES = tuple(_RULES)
