"""Derivations: an expression brought to a form, an equation solved, a closed form proved."""

import random
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from probes.generators import Made


def _polynomial(coefficients: list[int], letter: str = "x") -> str:
    """Return a polynomial in plain text, the constant first in the list."""
    terms = [
        f"{factor}*{letter}^{power}" if power else str(factor) for power, factor in enumerate(coefficients) if factor
    ]
    return " + ".join(reversed(terms)).replace("+ -", "- ").replace("^1 ", " ").replace("*x^1", "*x") or "0"


def _expanded(roots: list[int], lead: int = 1) -> list[int]:
    found = [lead]
    for root in roots:
        found = [(found[at - 1] if at else 0) - root * (found[at] if at < len(found) else 0)
                 for at in range(len(found) + 1)]  # fmt: skip
    return found


def _line(root: int) -> str:
    return f"(x - {root})" if root >= 0 else f"(x + {-root})"


def factoring(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a polynomial with ``roots`` whole roots; asked is its product of linear factors."""
    roots = dice.sample([one for one in range(-7, 8) if one], parameters["roots"])
    lead = dice.choice((1, 2, 3))
    start = _polynomial(_expanded(roots, lead))
    factors, flipped = ("".join(map(_line, signs)) for signs in (roots, [-roots[0], *roots[1:]]))
    return Made({"start": start}, {"start": start}, f"Step: {lead}*{factors}", f"Step: {lead}*{flipped}")


def solving(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw an equation with ``roots`` solutions, terms on both sides; asked are they all."""
    roots = dice.sample([one for one in range(-8, 9) if one], parameters["roots"])
    moved = [dice.randint(-9, 9) for _ in roots]
    left = [factor + more for factor, more in zip(_expanded(roots), [*moved, 0], strict=True)]
    start = f"{_polynomial(left)} = {_polynomial(moved)}"
    product = "".join(map(_line, roots))
    solved = " or ".join(f"x = {root}" for root in roots)
    flipped = " or ".join(f"x = {root}" for root in [-roots[0], *roots[1:]])
    return Made({"start": start}, {"start": start}, f"Step: {product} = 0\nStep: {solved}",
                f"Step: {product} = 0\nStep: {flipped}")  # fmt: skip


def vertex(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a quadratic with a lead up to ``lead``; asked is its form with one square."""
    lead = dice.choice([one for one in range(-parameters["lead"], parameters["lead"] + 1) if one not in (0, 1)])
    middle, constant = dice.choice((-5, -3, -1, 1, 3, 5, 7)), dice.randint(-9, 9)
    start = _polynomial([constant, middle, lead])
    shift = Fraction(middle, 2 * lead)
    rest = constant - lead * shift**2
    return Made({"start": start}, {"start": start}, f"Step: {lead}*(x + ({shift}))^2 + ({rest})",
                f"Step: {lead}*(x + ({shift}))^2 + ({constant - shift**2})")  # fmt: skip


def partial(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a fraction with ``poles``; asked is its sum of simple fractions."""
    poles = dice.sample(range(-6, 7), parameters["poles"])
    tops = [dice.choice((-4, -3, -2, -1, 1, 2, 3, 5)) for _ in poles]
    rest = [_expanded([other for other in poles if other != pole]) for pole in poles]
    over = [sum(top * one[power] for top, one in zip(tops, rest, strict=True)) for power in range(len(poles))]
    start = f"({_polynomial(over)})/({''.join(map(_line, poles)).replace(')(', ')*(')})"
    fractions, swapped = (" + ".join(f"({top})/{_line(pole)}" for top, pole in zip(each, poles, strict=True))
                          for each in (tops, [top + 1 for top in tops]))  # fmt: skip
    return Made({"start": start}, {"start": start}, f"Step: {fractions}", f"Step: {swapped}")


def squares(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a form in ``letters`` that is never negative; asked is a sum of squares."""
    letters = "xyz"[: parameters["letters"]]
    rows = [[0] * at + [1] + [dice.choice((-3, -2, -1, 1, 2)) for _ in letters[at + 1 :]] for at in range(len(letters))]
    weights = [dice.randint(1, 4) for _ in rows]
    terms = []
    for one in range(len(letters)):
        for other in range(one, len(letters)):
            total = sum(weight * row[one] * row[other] for weight, row in zip(weights, rows, strict=True))
            terms.append(f"({total * (1 if one == other else 2)})*{letters[one]}*{letters[other]}")
    start = " + ".join(terms)
    each = [
        "(" + " + ".join(f"({factor})*{letter}" for factor, letter in zip(row, letters, strict=True)) + ")^2"
        for row in rows
    ]
    sums = [
        " + ".join(f"{weight}*{one}" for weight, one in zip(parts, each, strict=True))
        for parts in (weights, [1, *[5] * (len(rows) - 1)])
    ]
    return Made({"start": start}, {"start": start}, f"Step: {sums[0]}", f"Step: {sums[1]}")


def symmetric(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a sum of powers of a and b; asked is it in s = a + b and p = a b."""
    forms = {2: "s^2 - 2*p", 3: "s^3 - 3*p*s", 4: "s^4 - 4*p*s^2 + 2*p^2", 5: "s^5 - 5*p*s^3 + 5*p^2*s"}
    power, factor, more = dice.choice(parameters["powers"]), dice.randint(2, 9), dice.randint(2, 9)
    start = f"{factor}*a^{power} + {factor}*b^{power} + {more}*a^2*b + {more}*a*b^2"
    expected = {"start": start, "let": {"s": "a + b", "p": "a*b"}}
    return Made({"start": start}, expected, f"Step: {factor}*({forms[power]}) + {more}*p*s",
                f"Step: {factor}*s^{power} + {more}*p*s")  # fmt: skip


def summing(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a sum of a polynomial in k of ``degree`` 1 or 2; asked is its closed form, by induction."""
    c, b = dice.randint(1, 9), dice.randint(2, 9)
    a = dice.randint(1, 5) if parameters["degree"] == 2 else 0
    term = f"{a}*k^2 + {b}*k + {c}" if a else f"{b}*k + {c}"
    closed = f"{a}*n*(n+1)*(2*n+1)/6 + {b}*n*(n+1)/2 + {c}*n"
    return _inducted({"term": term}, (a + b + c, f"a + {term.replace('k', '(n+1)')}"), closed)


def _inducted(values: Mapping[str, Any], rule: tuple[Fraction | int, str], closed: str) -> Made:
    first, following = rule
    after = closed.replace("n", "(n+1)")
    begun = following.replace("a", f"({closed})", 1)
    reference = f"Closed: {closed}\nBase: {first} = {closed.replace('n', '(1)')}\nStep: {begun} = {after}"
    return Made(values, {"first": first, "next": following}, reference, reference.replace("Closed: ", "Closed: 1 + "))


def recurrence(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a(n+1) = p a(n) + q with a factor up to ``most``; asked is its closed form, by induction."""
    factor, more, start = dice.choice((2, 3, 5)[: parameters["most"]]), dice.randint(1, 9), dice.randint(2, 9)
    fixed = Fraction(more, 1 - factor)
    closed = f"({start - fixed})*{factor}^(n-1) + ({fixed})"
    values = {"factor": factor, "more": more, "start": start}
    return _inducted(values, (start, f"{factor}*a + {more}"), closed)


def telescoping(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a sum of 1/((k+c)(k+c+1)), times a number; asked is its closed form, by induction."""
    shift, factor = dice.randint(1, parameters["shift"]), dice.randint(2, 9)
    term = f"{factor}/((k+{shift})*(k+{shift + 1}))"
    closed = f"{factor}*n/({shift + 1}*(n+{shift + 1}))"
    first = Fraction(factor, (1 + shift) * (2 + shift))
    return _inducted({"term": term}, (first, f"a + {term.replace('k', '(n+1)')}"), closed)


def divisible(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw base^n + linear * n - 1, and what divides all of it; asked is the step of an induction."""
    root = dice.randint(3, 8)
    base, linear = root + 1, -root if parameters["is_linear"] else 0
    by = root * root if linear else root
    sequence = f"{base}^n - {root}*n - 1" if linear else f"{base}^n - 1"
    told = f"Base: 0\nA: {base}\nB: "
    return Made({"sequence": sequence, "by": by}, {"sequence": sequence, "by": by},
                f"{told}{_rest((base, linear), by)}", f"{told}{base}^n")  # fmt: skip


def _rest(rule: tuple[int, int], by: int) -> str:
    """Return B of f(n+1) = base f(n) + by B for f(n) = base^n + linear n - 1."""
    base, linear = rule
    slope, constant = linear * (1 - base), linear + base - 1
    return f"({slope // by})*n + ({constant // by})"
