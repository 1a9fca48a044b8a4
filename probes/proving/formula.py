"""Formulas of propositional and first-order logic in plain text: ``all x (P(x) -> exists y R(x, y))``.

From loose to tight: ``<->``, ``->`` (to the right), ``or``, ``and``, then ``not``, ``all x``, ``exists x``, which reach
over the one atom or parenthesis that follows; with a dot, ``all x.``, to the end. Predicates begin with a capital
letter, names, functions and variables with a small one. The usual signs (``∧ ∨ ¬ → ↔ ∀ ∃ ⊥ & | ~``) are read too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from probes.proving import UnreadableError
from probes.proving.reader import Reader

_TOKENS = 200
_DEPTH = 40
_TOKEN = re.compile(r"\s*([A-Za-z][A-Za-z0-9_']{0,20}|<->|->|[!=]=|[(),.=]|\S)")
_SPELLINGS = {
    "<=>": " <-> ", "⇔": " <-> ", "↔": " <-> ", "<->": " <-> ", "=>": " -> ", "⇒": " -> ", "→": " -> ", "⊃": " -> ",
    "/\\": " and ", "∧": " and ", "&&": " and ", "&": " and ", "\\/": " or ", "∨": " or ", "||": " or ", "|": " or ",
    "≠": " != ", "¬": " not ", "~": " not ", "∀": " all ", "∃": " exists ", "⊥": " false ",
}  # fmt: skip
_SPELLED = re.compile("|".join(map(re.escape, _SPELLINGS)))
_QUANTIFIERS = {"all": "all", "forall": "all", "every": "all", "exists": "exists", "some": "exists"}
_WORDS = {"and", "or", "not", "false", *_QUANTIFIERS}


@dataclass(frozen=True, slots=True)
class Term:
    """A variable or name, or a function of terms."""

    name: str
    of: tuple["Term", ...] = ()


@dataclass(frozen=True, slots=True)
class Formula:
    """``op`` is atom, =, false, not, and, or, ->, <->, all or exists; ``name`` a predicate or variable."""

    op: str
    parts: tuple["Formula", ...] = ()
    name: str = ""
    of: tuple[Term, ...] = ()


FALSE = Formula("false")


def parsed(text: str) -> Formula:
    """Return the formula that a text is.

    Raises UnreadableError.
    """
    spelled = _SPELLED.sub(lambda match: _SPELLINGS[match[0]], text[:2000])
    tokens = _TOKEN.findall(spelled)
    if len(text) > 2000 or len(tokens) > _TOKENS:
        raise UnreadableError("a formula that is too long")
    reader = _Reader(tokens, _DEPTH)
    formula = reader.loosest()
    reader.end(text)
    return formula


def negated(formula: Formula) -> Formula:
    """Return ``not`` of a formula."""
    return Formula("not", (formula,))


def free_names(formula: Formula, bound: frozenset[str] = frozenset()) -> set[str]:
    """Return the variables and names, functions included, that no quantifier of the formula binds."""
    if formula.op in ("all", "exists"):
        return free_names(formula.parts[0], bound | {formula.name})
    found = {name for term in formula.of for name in names_of(term)} - bound
    return found.union(*(free_names(part, bound) for part in formula.parts))


def names_of(term: Term) -> Iterator[str]:
    """Yield the names in a term."""
    yield term.name
    for inner in term.of:
        yield from names_of(inner)


class _Reader(Reader):
    """A method for each rule of the grammar."""

    def loosest(self) -> Formula:
        left = self.implication()
        while self.next == "<->":
            self.take()
            left = Formula("<->", (left, self.implication()))
        return left

    def implication(self) -> Formula:
        left = self.chain("or")
        if self.next != "->":
            return left
        self.take()
        with self:
            return Formula("->", (left, self.implication()))

    def chain(self, word: str) -> Formula:
        left = self.chain("and") if word == "or" else self.tight()
        while self.next == word:
            self.take()
            left = Formula(word, (left, self.chain("and") if word == "or" else self.tight()))
        return left

    def tight(self) -> Formula:
        with self:
            if self.next == "not":
                self.take()
                return negated(self.tight())
            if self.next in _QUANTIFIERS:
                return self.quantified()
            return self.atom()

    def quantified(self) -> Formula:
        op, variable = _QUANTIFIERS[self.take()], self.small()
        if self.next != ".":
            return Formula(op, (self.tight(),), variable)
        self.take()
        return Formula(op, (self.loosest(),), variable)

    def atom(self) -> Formula:
        if self.next == "(":
            self.take()
            inner = self.loosest()
            self.take(")")
            return inner
        if self.next == "false":
            self.take()
            return FALSE
        if self.next[:1].isupper():
            return Formula("atom", name=self.take(), of=self.arguments())
        return self.equation()

    def equation(self) -> Formula:
        left, sign = self.term(), self.take()
        if sign not in ("=", "!="):
            raise UnreadableError(f"{sign!r} where = should be")
        same = Formula("=", of=(left, self.term()))
        return same if sign == "=" else negated(same)

    def arguments(self) -> tuple[Term, ...]:
        if self.next != "(":
            return ()
        self.take()
        found = [self.term()]
        while self.next == ",":
            self.take()
            found.append(self.term())
        self.take(")")
        return tuple(found)

    def term(self) -> Term:
        with self:
            return Term(self.small(), self.arguments())

    def small(self) -> str:
        name = self.take()
        if not re.fullmatch(r"[a-z][a-z0-9_']*", name) or name in _WORDS:
            raise UnreadableError(f"{name!r} where a name should be")
        return name
