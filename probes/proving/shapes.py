"""Forms that an expression may have to be brought to."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from probes.proving import UnreadableError
from probes.proving.algebra import Expression, evaluated, names
from probes.proving.identity import degree

Shape = Literal["any", "solved", "factors", "squares", "partial", "vertex"]


def has_shape(tree: Expression, shape: Shape) -> bool:
    """Tell whether a tree has a form.

    ``factors``: a product of factors of degree 1 at most. ``squares``: a sum of squares, each times a number that is
    not negative. ``partial``: a sum of fractions, a number over a factor of degree 1. ``vertex``: one square, of an
    expression of degree 1, times a number, plus a number. The others are the scorer's own: every
    tree has them.
    """
    try:
        return _SHAPES[shape](tree)
    except UnreadableError:
        return False


def _is_any(_tree: Expression) -> bool:
    return True


def _is_factors(tree: Expression) -> bool:
    return all(degree(factor) <= 1 for factor in _factors(tree))


def _is_squares(tree: Expression) -> bool:
    return all(sign > 0 and _is_square(one) for sign, one in _summands(tree))


def _is_partial(tree: Expression) -> bool:
    return all(_is_simple(one) for _, one in _summands(tree))


def _is_vertex(tree: Expression) -> bool:
    with_letters = [one for _, one in _summands(tree) if names(one)]
    return len(with_letters) == 1 and all(degree(one) <= 1 for one in _bases(with_letters[0]) if names(one))


_SHAPES = {
    "any": _is_any,
    "solved": _is_any,
    "factors": _is_factors,
    "squares": _is_squares,
    "partial": _is_partial,
    "vertex": _is_vertex,
}


def _summands(tree: Expression, sign: int = 1) -> Iterator[tuple[int, Expression]]:
    if tree.op == "neg":
        yield from _summands(tree.parts[0], -sign)
    elif tree.op in ("+", "-"):
        yield from _summands(tree.parts[0], sign)
        yield from _summands(tree.parts[1], sign if tree.op == "+" else -sign)
    else:
        yield sign, tree


def _factors(tree: Expression) -> Iterator[Expression]:
    """Yield the factors of a product, a power's base as often as it counts; a division by a number is none."""
    if tree.op in ("*", "neg"):
        for part in tree.parts:
            yield from _factors(part)
    elif (tree.op == "/" and not names(tree.parts[1])) or (tree.op == "^" and _exponent(tree) > 0):
        yield from _factors(tree.parts[0])
    else:
        yield tree


def _is_square(tree: Expression) -> bool:
    """Tell whether this is a product of numbers that are not negative and even powers."""
    if not names(tree):
        return evaluated(tree, {}) >= 0
    if tree.op in ("*", "/"):
        return all(map(_is_square, tree.parts))
    return tree.op == "^" and _exponent(tree) % 2 == 0


def _bases(tree: Expression) -> Iterator[Expression]:
    """Yield what is squared; what is no square and has letters comes as it is, its degree too high."""
    for part in tree.parts if tree.op in ("*", "/") else (tree,):
        is_squared = part.op == "^" and _exponent(part) == 2
        yield part.parts[0] if is_squared else Expression("^", (part, Expression("number", value=Fraction(2))))


def _is_simple(tree: Expression) -> bool:
    if tree.op != "/" or names(tree.parts[0]):
        return False
    return degree(tree.parts[1]) == 1


def _exponent(tree: Expression) -> Fraction:
    return evaluated(tree.parts[1], {})
