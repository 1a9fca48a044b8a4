"""Runs as models of known ability would leave them: what is planted in them is known, so a report can be judged."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.lm import Completion, Told, Usage
from probes.attempt import Answer, Attempt, Grade, Key, Turn, right, wrong
from probes.plan import Asked, ProbePlan, ProbeRun, Served
from probes.question import seed_of
from tests.probes.desk import AT, SEED

OF_FAMILY, OF_QUESTION, OF_MODEL = 0.8, 0.8, 0.5
"""How far difficulties lie apart, in logits: of families, of questions in one, and what a family is to one model."""
DOMAINS = ("logic", "proofs", "reports", "agentic", "safety")


@dataclass(frozen=True, slots=True)
class Exam:
    """A stack to be simulated: questions of a domain, spread over families, with their difficulties in logits."""

    asked: tuple[Asked, ...]
    difficulty: dict[str, float]


def exam(dice: random.Random, sizes: Sequence[int] = (2,) * 25, domains: Sequence[str] = DOMAINS) -> Exam:
    """Draw an exam; ``sizes`` are the questions of each family."""
    difficulty: dict[str, float] = {}
    asked: list[Asked] = []
    for domain in domains:
        for family, size in enumerate(sizes):
            shared = dice.gauss(0, OF_FAMILY)
            for number in range(size):
                name = f"{domain}-{family:02}-{number}"
                asked.append(Asked(name, f"{domain}-{family:02}", domain, "simulated", "1"))
                difficulty[name] = shared + dice.gauss(0, OF_QUESTION)
    return Exam(tuple(asked), difficulty)


def sit(given: Exam, ability: float, dice: random.Random, model: str = "quill-1", epochs: int = 5) -> ProbeRun:
    """Return what a model of that ability, in logits, leaves behind."""
    quirks = {family: dice.gauss(0, OF_MODEL) for family in dict.fromkeys(one.family for one in given.asked)}
    chances = {one.id: _chance(ability + given.difficulty[one.id] + quirks[one.family]) for one in given.asked}
    plan = ProbePlan(f"{model}-run", Served("stub", model, "openai", "127.0.0.1"), given.asked, epochs, SEED, AT)
    return ProbeRun(plan, (), tuple(_attempts(plan, chances, dice)), "finished")


def _attempts(plan: ProbePlan, chances: dict[str, float], dice: random.Random) -> Iterator[Attempt]:
    for key in plan.keys:
        is_right = dice.random() < chances[key.question_id]
        yield attempt(key, right("as planted") if is_right else wrong("as planted"))


def attempt(key: Key, grade: Grade, text: str = "Answer: 3") -> Attempt:
    """Return an attempt of one turn."""
    heard = Completion("{}", text=text, usage=Usage(10, 5))
    turn = Turn((Told("What is it?"),), heard, 0.5)
    return Attempt(key, seed_of(SEED, key.question_id, key.epoch), (turn,), Answer(text, (text,)), grade, 0.5)


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def true_mean(ability: float) -> float:
    """Return the score of a model over all questions that could be asked, by Gauss-Hermite quadrature."""
    spread = math.sqrt(OF_FAMILY**2 + OF_QUESTION**2 + OF_MODEL**2)
    nodes, weights = np.polynomial.hermite_e.hermegauss(61)
    return float(np.sum(weights / (1 + np.exp(-(ability + spread * nodes)))) / np.sum(weights))
