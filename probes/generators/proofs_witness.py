"""Whole numbers that show something, and proofs with a flaw to be found."""

import random
from collections.abc import Mapping
from math import gcd, isqrt
from typing import Any

from probes.generators import Made
from probes.generators.short import short


def _witness(
    values: Mapping[str, Any], conditions: list[str], told: tuple[Mapping[str, int], Mapping[str, int]]
) -> Made:
    """Return a question whose answer is any numbers that meet the conditions."""
    right, wrong = ("Answer: " + ", ".join(f"{letter} = {value}" for letter, value in one.items()) for one in told)
    shown = {**values, "conditions": "\n".join(f"- {one}" for one in conditions)}
    return Made(shown, {"conditions": conditions, "letters": sorted(told[0])}, right, wrong)


def bezout(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw two numbers without a common factor, up to ``largest``; asked is a combination that is 1."""
    while True:
        one, other = dice.sample(range(parameters["largest"] // 4, parameters["largest"]), 2)
        if gcd(one, other) == 1:
            break
    x = pow(one, -1, other)
    y = (1 - one * x) // other
    return _witness({}, [f"{one}*x + {other}*y = 1"], ({"x": x, "y": y}, {"x": -x, "y": -y}))


def remainders(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a number by its remainders after ``moduli`` divisions."""
    moduli = sorted(dice.sample((7, 8, 9, 11, 13, 17, 19), parameters["moduli"]))
    bound = 1
    for modulus in moduli:
        bound *= modulus
    number = dice.randint(bound // 3, bound - 1)
    conditions = [f"{modulus} divides n - {number % modulus}" for modulus in moduli]
    return _witness({}, ["0 <= n", f"n < {bound}", *conditions], ({"n": number}, {"n": number % (bound // moduli[0])
                    if number >= bound // moduli[0] else number + 1}))  # fmt: skip


def two_ways(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a sum of two squares, the squares up to ``largest``, that is one in another way too."""
    while True:
        a, b = sorted(dice.sample(range(1, parameters["largest"]), 2))
        total = a * a + b * b
        others = [(c, isqrt(total - c * c)) for c in range(1, isqrt(total // 2) + 1)
                  if c != a and isqrt(total - c * c) ** 2 == total - c * c]  # fmt: skip
        if others and others[0][0] < others[0][1]:
            break
    conditions = [f"x^2 + y^2 = {total}", "0 < x", "x < y", f"x != {a}"]
    return _witness({"total": total}, conditions, (dict(zip("xy", others[0], strict=True)), {"x": a, "y": b}))


def pell(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw one of ``factors`` d; asked are positive whole numbers with x^2 - d y^2 = 1."""
    factor = dice.choice(parameters["factors"])
    y = next(y for y in range(1, 100_000) if isqrt(factor * y * y + 1) ** 2 == factor * y * y + 1)
    x = isqrt(factor * y * y + 1)
    return _witness({}, [f"x^2 - {factor}*y^2 = 1", "0 < x", "0 < y"], ({"x": x, "y": y}, {"x": x + 1, "y": y}))


def no_prime(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a product d; asked are numbers whose product d divides though it divides neither."""
    p, q = dice.sample((3, 5, 7, 11, 13), 2)
    number = p * q * dice.choice((2, 4))
    a, b = p * 2, number // p
    conditions = [f"{number} divides a*b", f"{number} not divides a", f"{number} not divides b", "1 < a", "a < b"]
    if parameters["least"]:
        conditions += [f"{number}*{parameters['least']} < a", f"a*b != {number}"]
        a, b = _far(number, p, parameters["least"])
    return _witness({}, conditions, ({"a": min(a, b), "b": max(a, b)}, {"a": number, "b": number + 1}))


def _far(number: int, prime: int, least: int) -> tuple[int, int]:
    """Return multiples of complementary divisors above a bound."""
    one = next(k * prime for k in range(1, 10**6) if k * prime > number * least and (k * prime) % number)
    rest = number // prime
    other = next(k * rest for k in range(1, 10**6) if k * rest > one and (k * rest) % number)
    return one, other


def flaw(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a solution of an equation in ``steps`` with one that does not follow; asked is its number."""
    x, a, b = dice.randint(2, 9), dice.randint(2, 9), dice.randint(2, 9)
    lines, at = [(a, b, a * x + b)], dice.randint(2, parameters["steps"])
    for number in range(2, parameters["steps"] + 1):
        left, plus, last = lines[-1]
        how, amount = dice.choice("+*"), dice.randint(2, 5)
        new = (left, plus + amount, last + amount) if how == "+" else (left * amount, plus * amount, last * amount)
        lines.append((new[0], new[1], new[2] + dice.choice((-2, -1, 1, 2))) if number == at else new)
    told = "\n".join(f"({number}) {left}*x + {plus} = {last}" for number, (left, plus, last) in enumerate(lines, 1))
    return short({"lines": told}, at, at - 1)


def first_refutation(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a claim on n^3 + c that fails late; asked is the smallest n that refutes it."""
    while True:
        by, rest = dice.choice(parameters["moduli"]), dice.randint(1, 30)
        first = next((n for n in range(1, 200) if (n**3 + rest) % by == 0), None)
        if first is not None and first >= parameters["least"]:
            return short({"by": by, "rest": rest}, first, first + by)
