"""Sums: right, or refused with a reason, and never for long."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightdesk.arithmetic import calculated


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("(71.2 - 68.9) / 68.9 * 100", 3.338171262699564),
        ("2 ** 10 // 3 % 7", 5),
        ("-3 + +4", 1),
        ("sqrt(2) * pi", math.sqrt(2) * math.pi),
        ("max([3, 1, 2]) + sum(1, 2)", 6),
        ("log(8, 2)", 3.0),
        ("round(2.345, 2)", 2.35),
        (" 1_000 * 3 ", 3000),
    ],
)
def test_sums(expression: str, value: float) -> None:
    assert calculated(expression) == pytest.approx(value)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("", "no arithmetic"),
        ("lanterns help", "no arithmetic"),
        ("1 / 0", "no value"),
        ("9 ** 9 ** 9", "too large"),
        ("(10 ** 299) * 10 ** 299", "too large"),
        ("1e308 * 10", "too large"),
        ("(-8) ** 0.5", "no real number"),
        ("sqrt(-1)", "."),
        ("__import__('os')", "not known here"),
        ("().__class__", "not known here"),
        ("'a' * 9", "not known here"),
        ("[1] * 10 ** 9", "not known here"),
        ("sum(x for x in [1])", "not known here"),
        ("True + 1", "not known here"),
        ("max()", "no value"),
        ("round(1, 2, 3)", "no value"),
        ("abs(a=1)", "not known here"),
        ("1 << 99", "not known here"),
        ("1 if 1 else 2", "not known here"),
        ("1+" * 300 + "1", "longer than"),
        ("(" * 240 + "1" + ")" * 240, "no arithmetic"),
    ],
)
def test_refused_with_a_reason(expression: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        calculated(expression)


def test_never_for_long() -> None:
    for expression in ("round(5, -10 ** 299)", "round(0.5, 10 ** 299)", "-" * 480 + "1"):
        try:
            calculated(expression)
        except ValueError:
            continue


@given(st.text(alphabet="0123456789.+-*/%()e, sqrtlogmaxnb[]", max_size=60))
def test_any_text_has_a_value_or_a_reason(expression: str) -> None:
    try:
        found = calculated(expression)
    except ValueError:
        return
    assert math.isfinite(found)
