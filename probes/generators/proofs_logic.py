"""Formal proofs and countermodels: the theorem stands in the question's file, its letters are drawn."""

import random
import re
from collections.abc import Mapping
from typing import Any

from probes.generators import Made

RULES = """\
Write one line for each step: its number, a formula, and in brackets the rule with the numbers of the lines it uses, in
the order given here. A and B stand for any formulas. A line rests on the premises and assumptions that it was made of.
[premise] a premise. [assume] any formula, as an assumption; the last line may rest on premises only.
[repeat i] the formula of i.
[and intro i, j] A and B, from i: A, j: B. [and elim i] A, or B, from i: A and B.
[or intro i] A or B, from i: A, or from i: B. [or elim i, j, k] C, from i: A or B, j: A -> C, k: B -> C.
[if intro i, j] A -> B, from i: A, an assumption, j: B; it no longer rests on i. [if elim i, j] B, from i: A -> B, j: A.
[not elim i, j] false, from i: A, j: not A. [false elim i] any formula, from i: false.
[not intro i, j] not A, from i: A, an assumption, j: false; it no longer rests on i.
[by contradiction i, j] A, from i: not A, an assumption, j: false; it no longer rests on i.
[iff intro i, j] A <-> B, from i: A -> B, j: B -> A. [iff elim i] A -> B, or B -> A, from i: A <-> B.
[all elim i] A with a name in place of x, from i: all x A.
[exists intro i] exists x A, from i: A with a name in place of x.
[all intro i] all x A, from i: A with a name c in place of x, where nothing that i rests on speaks of c.
[exists elim i, j, k] C, from i: exists x A, j: A with a new name c in place of x, an assumption, k: C, where C and
what else k rests on do not speak of c; it no longer rests on j.
Formulas: "not", "and", "or", "->", "<->", "false", "all x (...)", "exists x (...)", strongest first from "not" on;
use parentheses freely. An example:
1. P [assume]
2. P or Q [or intro 1]
3. P -> (P or Q) [if intro 1, 2]"""


def theorem(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw the letters of ``premises``, ``goal`` and ``proof``; the wrong proof leaves a line out."""
    rename = _renaming(dice, " ".join((*parameters["premises"], parameters["goal"])))
    premises = [rename(one) for one in parameters["premises"]]
    goal, proof = rename(parameters["goal"]), rename(parameters["proof"]).strip()
    *begun, _, last = proof.splitlines()
    told = "\n".join(premises) or "none"
    return Made(
        values={"premises_told": told, "goal_told": goal, "rules": RULES},
        expected={"premises": premises, "goal": goal},
        reference=proof,
        wrong="\n".join([*begun, last]),
    )


def refutation(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw the letters of the formulas to be made ``true`` and ``false``, of a ``model`` and of one that ``fails``."""
    rename = _renaming(dice, " ".join((*parameters["true"], *parameters["false"])))
    true, false = ([rename(one) for one in parameters[key]] for key in ("true", "false"))
    return Made(
        values={"true_told": "\n".join(true), "false_told": "\n".join(false)},
        expected={"true": true, "false": false},
        reference=rename(parameters["model"]),
        wrong=rename(parameters["fails"]),
    )


def _renaming(dice: random.Random, formulas: str) -> Any:
    """Return what replaces each predicate, a single capital letter, and the functions f and g by drawn ones."""
    old, functions = (sorted(set(re.findall(kind, formulas))) for kind in (r"\b[A-Z]\b", r"\b[fg]\b"))
    new = dict(zip(old, dice.sample("FGHJKLMPQRSTUW", len(old)), strict=True))
    new |= dict(zip(functions, dice.sample("fghkmpqrtu", len(functions)), strict=True))
    return lambda text: re.sub(r"\b[A-Zfg]\b", lambda match: new.get(match[0], match[0]), text)
