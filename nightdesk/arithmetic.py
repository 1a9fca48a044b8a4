"""Sums that a model writes, worked out: numbers, operators and a few functions, nothing else, and never for long."""

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence

_LONGEST = 500
_LARGEST_EXPONENT = 1000
_LARGEST = 10**300
Number = int | float


def _power(base: Number, exponent: Number) -> Number:
    if abs(exponent) > _LARGEST_EXPONENT:
        raise ValueError(f"an exponent above {_LARGEST_EXPONENT} is too large")
    found = base**exponent
    if isinstance(found, complex):
        raise ValueError("a root of a negative number is no real number")  # noqa: TRY004 - its value is wrong
    return found


_OPERATORS: Mapping[type, Callable[..., Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: _power,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}
_FUNCTIONS: Mapping[str, Callable[..., Number]] = {
    "abs": abs,
    "ceil": math.ceil,
    "exp": math.exp,
    "floor": math.floor,
    "log": math.log,
    "log10": math.log10,
    "log2": math.log2,
    "max": max,
    "min": min,
    "round": lambda number, digits=0: round(number, max(-20, min(20, int(digits)))),
    "sqrt": math.sqrt,
    "sum": lambda *numbers: sum(numbers),
}
_CONSTANTS: Mapping[str, Number] = {"pi": math.pi, "e": math.e}
KNOWN = ", ".join(_FUNCTIONS)


def calculated(expression: str) -> Number:
    """Return the value of an arithmetic expression in Python's notation.

    Raises ValueError that says what is wrong with it.
    """
    if len(expression) > _LONGEST:
        raise ValueError(f"the expression is longer than {_LONGEST} characters")
    try:
        tree = ast.parse(expression.strip(), mode="eval")
        return _value(tree.body)
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(
            f"{expression!r:.120} is no arithmetic expression; write such as (71.2 - 68.9) / 68.9"
        ) from error
    except (ArithmeticError, TypeError) as error:
        raise ValueError(f"it has no value: {error}") from error


def _value(node: ast.expr) -> Number:
    return _in_range(_of_node(node))


def _of_node(node: ast.expr) -> Number:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return number
        case ast.Name(id=name) if name in _CONSTANTS:
            return _CONSTANTS[name]
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            return _OPERATORS[type(sign)](_value(left), _value(right))
        case ast.UnaryOp(op=sign, operand=operand) if type(sign) in _OPERATORS:
            return _OPERATORS[type(sign)](_value(operand))
        case ast.Call(func=ast.Name(id=name), args=given, keywords=[]) if name in _FUNCTIONS:
            return _FUNCTIONS[name](*_numbers(given))
    raise ValueError(f"{ast.unparse(node)!r:.80} is not known here; there are + - * / // % ** and {KNOWN}")


def _numbers(given: Sequence[ast.expr]) -> list[Number]:
    """Return arguments; a list among them stands for what it holds."""
    flat = [one for node in given for one in (node.elts if isinstance(node, ast.List | ast.Tuple) else [node])]
    return [_value(node) for node in flat]


def _in_range(number: Number) -> Number:
    if not math.isfinite(number) or abs(number) > _LARGEST:
        raise ValueError("a number on the way is too large")
    return number
