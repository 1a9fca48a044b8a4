"""Algebra in plain text: ``3n^2 - (n+1)/2`` becomes a tree.

expression = term {("+" | "-") term}; term = factor {["*" | "/"] factor}; factor = "-" factor | atom ["^" factor];
atom = number | letter | "(" expression ")".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from probes.proving import UnreadableError
from probes.proving.reader import Reader

_TOKENS = 240
_DIGITS = 15
_DEPTH = 30
_EXPONENT = 64
_BITS = 4096
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([A-Za-z])(?![A-Za-z]{3})|(\*\*|[-+*/^()]))")
_SPELLINGS = str.maketrans({"−": "-", "–": "-", "·": "*", "×": "*", "²": "^2", "³": "^3", "$": " ", "[": "(", "]": ")"})


@dataclass(frozen=True, slots=True)
class Expression:
    """``op`` is number, name, or one of ``+ - * / ^ neg``; leaves have a ``value``, a number or a letter."""

    op: str
    parts: tuple["Expression", ...] = ()
    value: Fraction | str = ""


def parsed(text: str) -> Expression:
    """Return the tree of an expression.

    Raises UnreadableError.
    """
    reader = _Reader(_tokens(text), _DEPTH)
    tree = reader.sum()
    reader.end(text)
    return tree


def names(tree: Expression) -> set[str]:
    """Return the letters of an expression."""
    return {str(node.value) for node in nodes(tree) if node.op == "name"}


def nodes(tree: Expression) -> Iterator[Expression]:
    """Yield an expression and all its parts."""
    yield tree
    for part in tree.parts:
        yield from nodes(part)


def put_in(tree: Expression, letter: str, what: Expression) -> Expression:
    """Return an expression with another put in for a letter."""
    if tree.op == "name":
        return what if tree.value == letter else tree
    return Expression(tree.op, tuple(put_in(part, letter, what) for part in tree.parts), tree.value)


def evaluated(tree: Expression, values: Mapping[str, int]) -> Fraction:
    """Return an expression's value.

    Raises UnreadableError when a letter has none, at a division by zero, and past the bounds.
    """
    if tree.op == "number":
        return Fraction(tree.value)
    if tree.op == "name":
        if tree.value not in values:
            raise UnreadableError(f"{tree.value} has no value")
        return Fraction(values[str(tree.value)])
    found = _applied(tree.op, [evaluated(part, values) for part in tree.parts])
    if max(found.numerator.bit_length(), found.denominator.bit_length()) > _BITS:
        raise UnreadableError("the numbers grow too large")
    return found


def _applied(op: str, values: list[Fraction]) -> Fraction:
    first, last = values[0], values[-1]
    if op == "neg":
        return -first
    if op in ("+", "-"):
        return first + last if op == "+" else first - last
    if op == "*":
        return first * last
    if op == "/":
        if not last:
            raise UnreadableError("division by zero")
        return first / last
    return _raised(first, last)


def _raised(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 or abs(exponent) > _EXPONENT:
        raise UnreadableError(f"an exponent that is no whole number up to {_EXPONENT}")
    if not base and exponent < 0:
        raise UnreadableError("division by zero")
    return Fraction(base ** int(exponent))


def _tokens(text: str) -> list[str]:
    plain = text.translate(_SPELLINGS).replace(r"\cdot", "*").rstrip()
    found: list[str] = []
    at = 0
    while at < len(plain):
        match = _TOKEN.match(plain, at)
        if match is None or len(found) >= _TOKENS or len(match[0].strip()) > _DIGITS:
            raise UnreadableError(f"cannot read {plain[at : at + 30]!r}")
        found.append(match[0].strip().replace("**", "^"))
        at = match.end()
    return found


class _Reader(Reader):
    """A method for each rule of the grammar."""

    def sum(self) -> Expression:
        left = self.product()
        while self.next in ("+", "-"):
            left = Expression(self.take(), (left, self.product()))
        return left

    def product(self) -> Expression:
        left = self.factor()
        while self.next and self.next not in "+-)^":
            op = self.take() if self.next in "*/" else "*"
            left = Expression(op, (left, self.factor()))
        return left

    def factor(self) -> Expression:
        with self:
            if self.next == "-":
                self.take()
                return Expression("neg", (self.factor(),))
            base = self.atom()
            if self.next != "^":
                return base
            self.take()
            return Expression("^", (base, self.factor()))

    def atom(self) -> Expression:
        if self.next == "(":
            self.take()
            inner = self.sum()
            self.take(")")
            return inner
        token = self.take()
        if token.isalpha():
            return Expression("name", value=token)
        if token[:1].isdigit():
            return Expression("number", value=Fraction(token))
        raise UnreadableError(f"{token!r} where a number, a letter or a parenthesis should be")
