"""What is wrong with a question: broken, ambiguous, always alike, or there already."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.errors import ConfigError
from probes.attempt import Grade
from probes.instance import Instance
from probes.question import Question
from probes.rehearsal import rehearsed
from probes.scorers import graded
from probes.script import Say, Script

_WRONG_AT_MOST = 0.5
_ALIKE = 0.9
_SHINGLE = 4
_WITH_ANSWER_LINE = ("exact", "choice", "numeric")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend."""

    question: Question
    told: str


def problems(question: Question, seeds: Sequence[int]) -> Iterator[Problem]:
    """Yield what is wrong with a question, drawn with each of some seeds."""
    try:
        drawn = [question.instance(seed) for seed in seeds]
        again = question.instance(seeds[0])
        told = [*_of_drawing(question, drawn, again), *(one for instance in drawn for one in _of_scoring(instance))]
    except ConfigError as error:
        told = [str(error)]
    yield from (Problem(question, one) for one in dict.fromkeys(told))


def _of_drawing(question: Question, drawn: Sequence[Instance], again: Instance) -> Iterator[str]:
    first = drawn[0]
    if (again.prompt, again.expected, again.reference) != (first.prompt, first.expected, first.reference):
        yield "two drawings with one seed differ: draw from the random.Random given, and from nothing else"
    if (question.generator or question.choices) and len({_asked(one) for one in drawn}) == 1 < len(drawn):
        yield f"{len(drawn)} seeds give the same prompt: nothing varies"
    if question.scorer in _WITH_ANSWER_LINE and not re.search(r"(?i)\banswer:", _asked(first)):
        yield f"the prompt does not tell the form that the scorer {question.scorer} reads: Answer: …"


def _asked(instance: Instance) -> str:
    world = instance.open_world().state() if instance.open_world else ""
    return "\n".join((instance.system, instance.prompt, *instance.then, str(world)))


def _of_scoring(instance: Instance) -> Iterator[str]:
    """Play the reference, which must pass, and the wrong answer, which must not."""
    if instance.scorer == "shown":
        return
    for what, script in (("reference", instance.reference), ("wrong", instance.wrong)):
        if (told := _of_script(instance, script)) is not None:
            yield f"{what}: {told}"
            return
    reference, wrong = (graded(rehearsed(instance, one), instance) for one in (instance.reference, instance.wrong))
    if reference.state == "unscored":
        return
    if reference.score != 1.0:
        yield f"the reference does not pass (seed {instance.seed}): {_why(reference)}"
    if wrong.state == "scored" and (wrong.score is None or wrong.score > _WRONG_AT_MOST):
        yield f"the wrong answer passes (seed {instance.seed}): {_why(wrong)}"


def _of_script(instance: Instance, script: Script) -> str | None:
    said = sum(isinstance(step, Say) for step in script)
    if not script:
        return "there is none"
    if said != 1 + len(instance.then):
        return f"{said} answers to {1 + len(instance.then)} prompts"
    if len(script) > instance.max_turns + len(instance.then):
        return f"{len(script)} steps, but max_turns is {instance.max_turns}"
    return None


def _why(grade: Grade) -> str:
    return "; ".join((f"{grade.score}, {grade.why}", *grade.evidence[:3]))


def duplicates(questions: Sequence[Question]) -> Iterator[Problem]:
    """Yield questions whose prompts say nearly the same as an earlier one's; those of one generator may."""
    seen: list[tuple[Question, frozenset[str]]] = []
    for question in questions:
        mine = _shingles(_asked(question.instance(0)))
        twin = next((one for one, its in seen if _is_alike(mine, its) and not _is_one_idea(one, question)), None)
        if twin is not None:
            yield Problem(question, f"asks nearly the same as {twin.id} ({twin.path})")
        seen.append((question, mine))


def _is_one_idea(one: Question, other: Question) -> bool:
    return bool(one.generator) and one.generator == other.generator and one.parameters != other.parameters


def _is_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    if min(len(one), len(other)) < _ALIKE * max(len(one), len(other)):
        return False
    return len(one & other) >= _ALIKE * len(one | other)


def _shingles(text: str) -> frozenset[str]:
    words = re.findall(r"\w+", text.casefold())
    return frozenset(" ".join(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1)))
