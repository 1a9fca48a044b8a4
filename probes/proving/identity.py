"""Whether two expressions are one: rational functions as two polynomials, compared crosswise, exactly.

Powers with a letter above, ``6^(n+1)``, become powers of primes, each a letter of its own: independent of one another
and of ``n``, so that the comparison stays exact. sympy's sparse polynomials multiply; nothing is simplified.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from probes.proving import UnreadableError
from probes.proving.algebra import Expression, names, nodes

_PRIMES = (2, 3, 5, 7, 11, 13)
_TERMS = 4000
_BITS = 4000
_EXPONENT = 40
_LETTERS = 6


@dataclass(frozen=True, slots=True)
class _Ratio:
    """``over`` divided by ``under``, polynomials of one ring."""

    over: Any
    under: Any


def is_same(left: Expression, right: Expression) -> bool:
    """Tell whether two expressions are equal wherever both have a value.

    Raises UnreadableError past the bounds.
    """
    ring = _Ring([left, right])
    one, other = ring.ratio(left), ring.ratio(right)
    return bool(ring.times(one.over, other.under) == ring.times(other.over, one.under))


def has_same_roots(left: Sequence[Expression], right: Sequence[Expression]) -> bool:
    """Tell whether the products of two lists of polynomials vanish at the same places, complex ones included.

    Raises UnreadableError when one is no polynomial.
    """
    ring = _Ring([*left, *right])
    one, other = (ring.radical(side) for side in (left, right))
    return bool(one == other)


def degree(tree: Expression) -> int:
    """Return the total degree of a polynomial.

    Raises UnreadableError when it is none.
    """
    polynomial = _Ring([tree]).polynomial(tree)
    return max((sum(exponents) for exponents in polynomial), default=0)


def is_whole(tree: Expression) -> bool:
    """Tell whether an expression is a polynomial with whole coefficients, in its letters and its powers of primes."""
    ratio = _Ring([tree]).ratio(tree)
    return bool(ratio.over % ratio.under == 0)


class _Ring:
    """The polynomials in the letters of some expressions."""

    def __init__(self, trees: Sequence[Expression]) -> None:
        from sympy import ZZ, ring

        letters = sorted(set[str]().union(*map(names, trees)))
        above = sorted({letter for tree in trees for letter in _above(tree)})
        if len(letters) > _LETTERS:
            raise UnreadableError(f"more than {_LETTERS} letters")
        called = letters + [f"{prime}^{letter}" for prime in _PRIMES for letter in above]
        self._ring, *made = ring(called or ["x"], ZZ)
        self._letter = dict(zip(called, made, strict=False))
        self._letters = letters

    def ratio(self, tree: Expression) -> _Ratio:
        if tree.op == "number":
            value = Fraction(tree.value)
            return _Ratio(self._ring(value.numerator), self._ring(value.denominator))
        if tree.op == "name":
            return _Ratio(self._letter[str(tree.value)], self._ring(1))
        if tree.op == "^":
            return self._power(tree)
        return self._applied(tree.op, [self.ratio(part) for part in tree.parts])

    def polynomial(self, tree: Expression) -> Any:
        """Return a polynomial up to a number that divides it."""
        ratio = self.ratio(tree)
        if not ratio.under.is_ground:
            raise UnreadableError("a letter stands under a fraction")
        return ratio.over

    def radical(self, trees: Sequence[Expression]) -> Any:
        whole = self._ring(1)
        for tree in trees:
            whole = self.times(whole, self.polynomial(tree))
        if len(self._letters) > 1 or max((sum(one) for one in whole), default=0) > _EXPONENT:
            raise UnreadableError("an equation of more than one letter, or of a high degree")
        return whole if whole.is_ground else whole.primitive()[1].sqf_part()

    def times(self, left: Any, right: Any) -> Any:
        if len(left) * len(right) > _TERMS * 4:
            raise UnreadableError("the polynomials grow too large")
        product = left * right
        if len(product) > _TERMS or any(abs(one).bit_length() > _BITS for one in map(int, product.values())):
            raise UnreadableError("the polynomials grow too large")
        return product

    def _applied(self, op: str, parts: Sequence[_Ratio]) -> _Ratio:
        first, last = parts[0], parts[-1]
        if op == "neg":
            return _Ratio(-first.over, first.under)
        if op == "*":
            return self._divided(self.times(first.over, last.over), self.times(first.under, last.under))
        if op == "/":
            return self._divided(self.times(first.over, last.under), self.times(first.under, last.over))
        right = self.times(last.over, first.under)
        over = self.times(first.over, last.under) + (right if op == "+" else -right)
        return self._divided(over, self.times(first.under, last.under))

    def _divided(self, over: Any, under: Any) -> _Ratio:
        if not under:
            raise UnreadableError("division by zero")
        return _Ratio(over, under)

    def _power(self, tree: Expression) -> _Ratio:
        base, exponent = (self.ratio(part) for part in tree.parts)
        if exponent.over.is_ground and exponent.under.is_ground:
            return self._raised(base, _whole(exponent))
        if not (base.over.is_ground and base.under == 1 and exponent.under == 1):
            raise UnreadableError("a letter in an exponent over what is no whole number")
        result = _Ratio(self._ring(1), self._ring(1))
        for prime in _factors(int(base.over.coeff(1))):
            result = self._applied("*", [result, self._of_prime(prime, exponent.over)])
        return result

    def _of_prime(self, prime: int, exponent: Any) -> _Ratio:
        """Return ``prime^(a n + c)`` as ``(prime^n)^a * prime^c``."""
        result = self._raised(_Ratio(self._ring(prime), self._ring(1)), int(exponent.coeff(1)))
        for letter in self._letters:
            count = int(exponent.coeff(self._letter[letter]))
            if count:
                one = _Ratio(self._letter[f"{prime}^{letter}"], self._ring(1))
                result = self._applied("*", [result, self._raised(one, count)])
        if any(sum(powers) > 1 for powers in exponent):
            raise UnreadableError("an exponent that is not linear")
        return result

    def _raised(self, base: _Ratio, exponent: int) -> _Ratio:
        if abs(exponent) > _EXPONENT:
            raise UnreadableError(f"an exponent past {_EXPONENT}")
        over, under = self._ring(1), self._ring(1)
        for _ in range(abs(exponent)):
            over, under = self.times(over, base.over), self.times(under, base.under)
        return self._divided(under, over) if exponent < 0 else _Ratio(over, under)


def _above(tree: Expression) -> Iterator[str]:
    for node in nodes(tree):
        if node.op == "^":
            yield from names(node.parts[1])


def _whole(exponent: _Ratio) -> int:
    over, under = int(exponent.over.coeff(1)), int(exponent.under.coeff(1))
    if over % under:
        raise UnreadableError("an exponent that is no whole number")
    return over // under


def _factors(base: int) -> Iterator[int]:
    """Yield the primes of a number, as often as they divide it."""
    if base < 1:
        raise UnreadableError("a letter in an exponent over what is not positive")
    for prime in _PRIMES:
        while base % prime == 0:
            yield prime
            base //= prime
    if base > 1:
        raise UnreadableError(f"a letter in an exponent over a number with a prime past {_PRIMES[-1]}")
