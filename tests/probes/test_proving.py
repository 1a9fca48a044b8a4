"""What checks proofs: sound on what does not follow, bounded on what is hostile."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.proving import UnreadableError
from probes.proving.algebra import evaluated, parsed
from probes.proving.deduction import StepError, proved, written
from probes.proving.formula import parsed as formula
from probes.proving.identity import has_same_roots, is_same
from probes.proving.shapes import Shape, has_shape
from probes.proving.structure import holds, read_structure


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("n(n+1)/2 + n + 1", "(n+1)(n+2)/2", True),
        ("6^n/2^n", "3^n", True),
        ("4^n", "2^(2*n)", True),
        ("1/(n(n+1))", "1/n - 1/(n+1)", True),
        ("2^n", "n^2", False),
        ("-x^2", "(-x)^2", False),
        ("2^n * 3", "6^n", False),
    ],
)
def test_identities(left: str, right: str, *, same: bool) -> None:
    assert is_same(parsed(left), parsed(right)) == same


@given(st.lists(st.integers(-9, 9), min_size=3, max_size=3), st.integers(2, 30))
def test_what_is_the_same_has_the_same_values(factors: list[int], at: int) -> None:
    a, b, c = factors
    one, other = parsed(f"({a}*n + {b})^2 - ({c})*n"), parsed(f"{a * a}*n^2 + ({2 * a * b - c})*n + {b * b}")
    assert is_same(one, other)
    assert evaluated(one, {"n": at}) == evaluated(other, {"n": at})


@pytest.mark.parametrize(
    "text",
    [
        "9^9^9^9",
        "((9^40)^40)^40",
        "((((x+y+z+a+b+c)^40)^40)^40)",
        "__import__('os')",
        "(" * 500,
        "1/(x-x)",
        "x**y**z",
        "9" * 99,
    ],
)
def test_hostile_algebra_is_refused_at_once(text: str) -> None:
    with pytest.raises(UnreadableError):
        is_same(parsed(text), parsed("x"))


@pytest.mark.parametrize(
    ("equations", "same"), [(["x - 2", "x - 3"], True), (["x - 2"], False), (["x - 2", "x + 3"], False)]
)
def test_solutions(equations: list[str], *, same: bool) -> None:
    assert has_same_roots([parsed("x^2 - 5x + 6")], [parsed(one) for one in equations]) == same


@pytest.mark.parametrize(
    ("text", "shape", "has"),
    [
        ("2*(x-1)^2*(x+3)", "factors", True),
        ("(x^2-1)*(x+3)", "factors", False),
        ("3*(x-y)^2 + 1/2", "squares", True),
        ("3*(x-y)^2 - 1/2", "squares", False),
        ("x*y", "squares", False),
        ("-2*(x-1)^2 + 3", "vertex", True),
        ("x^2 + 3*x", "vertex", False),
        ("1/(x-1) - 2/(x+1)", "partial", True),
        ("1/(x^2-1)", "partial", False),
    ],
)
def test_shapes(text: str, shape: Shape, *, has: bool) -> None:
    assert has_shape(parsed(text), shape) == has


@pytest.mark.parametrize(
    ("premises", "proof", "told"),
    [
        (["P(c)"], "1. P(c) [premise]\n2. all x P(x) [all intro 1]", "not arbitrary"),
        ([], "1. P [assume]", "hangs on the assumption"),
        (["P -> Q", "Q"], "1. P -> Q [premise]\n2. Q [premise]\n3. P [if elim 1, 2]", "does not follow"),
        (["P"], "1. P [premise]\n2. not P -> P [if intro 1, 1]", "no assumption"),
        (["P or Q"], "1. P or Q [premise]\n2. P [and elim 1]", "does not follow"),
        ([], "1. P [premise]", "no premise"),
        ([], "1. P [repeat 1]", "earlier lines"),
        (
            ["exists x P(x)"],
            "1. exists x P(x) [premise]\n2. P(c) [assume]\n3. P(c) [repeat 2]\n4. P(c) [exists elim 1, 2, 3]",
            "not new",
        ),
        (
            ["all x exists y R(x, y)"],
            "1. all x exists y R(x, y) [premise]\n2. exists y R(y, y) [all elim 1]",
            "no instance",
        ),
        ([], "", "0 lines"),
        ([], "1. " + "(" * 300 + "P [assume]", "too long"),
    ],
)
def test_what_does_not_follow_is_told(premises: list[str], proof: str, told: str) -> None:
    with pytest.raises(StepError, match=told):
        proved(written(proof), [formula(one) for one in premises])


def test_a_later_proof_replaces_a_draft() -> None:
    draft = "1. P [assume]\n2. Q [if elim 1]\n"
    assert proved(written(draft + "1. P [assume]\n2. P -> P [if intro 1, 1]"), []) == formula("P → P")


def test_a_structure_is_evaluated() -> None:
    told = read_structure("**Domain:** 0, 1, 2\nR: (0, 1), (1,2)\nf: (0) -> 1, 1 -> 2, (2) -> 0\nc: 1\nS: none")
    assert holds(formula("exists x all y not R(x, y)"), told)
    assert holds(formula("f(f(c)) = f(f(f(f(f(c)))))"), told)
    assert not holds(formula("exists x S(x)"), told)
    with pytest.raises(UnreadableError, match="no line T"):
        holds(formula("T(c)"), told)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (parsed, formula, read_structure):
        with contextlib.suppress(UnreadableError):
            read(text)
    written(text)
