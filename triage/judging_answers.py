"""What a model answers when it judges, and what of a partly wrong answer still counts.

An entry is taken as it is written or not at all: nothing is rounded, rescaled or guessed.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, model_validator

from core.lm import Completion, Form, Submitted, Unsubmitted
from triage.model_words import fit_words

HIGHEST = 10
# A case that is not of the subject has a score of 0; up to this one a model may mean "hardly".
_HIGHEST_OUTSIDE = 3
_BOOLEANS = {"true": True, "false": False}
_REASON_CHARS = 280


def _boolean(given: Any) -> Any:
    """Take true and false, and the words for them; 1, "yes" and "no opinion" are for the model to say again."""
    given = _BOOLEANS.get(given.strip().lower()) if isinstance(given, str) else given
    if not isinstance(given, bool):
        raise ValueError("must be true or false")  # noqa: TRY004 - pydantic reads ValueError
    return given


def _whole(given: Any) -> Any:
    """Take whole numbers, as numbers or as digits; 0.8, 1.0 and "8/10" may be on another scale."""
    if isinstance(given, str) and given.strip().isascii() and given.strip().isdigit():
        return int(given.strip()[:9])
    if isinstance(given, bool) or not isinstance(given, int):
        raise ValueError(f"must be a whole number from 0 to {HIGHEST}")  # noqa: TRY004 - as above
    return given


class Entry(BaseModel):
    """What is answered on one case."""

    id: str = Field(description="The letters that stand before the case.")
    belongs: Annotated[bool, BeforeValidator(_boolean)] = Field(description="Whether the case is of the subject.")
    score: Annotated[int, BeforeValidator(_whole)] = Field(
        ge=0, le=HIGHEST, description="How much it is worth reading, a whole number; 0 where it does not belong."
    )
    reason: str = Field(min_length=1, description="One plain sentence: what in the case decided it.")

    @property
    def letters(self) -> str:
        """The id, however it was spelled."""
        return self.id.strip().lower()

    @property
    def told(self) -> str:
        """The reason as it may be told: one line, capped, without links and mentions."""
        words = fit_words(self.reason[: 4 * _REASON_CHARS])
        return words if len(words) <= _REASON_CHARS else f"{words[: _REASON_CHARS - 1].rstrip()}…"

    @model_validator(mode="after")
    def _agrees(self) -> "Entry":
        if not self.belongs and self.score > _HIGHEST_OUTSIDE:
            raise ValueError(f"belongs is false and score is {self.score}: where belongs is false, score is 0")
        if not self.told:
            raise ValueError("reason says nothing")
        return self


class Answer(BaseModel):
    """What is answered on all cases of a call."""

    rulings: list[Entry] = Field(description="One entry for each case.")


def answer_form(ids: Sequence[str]) -> Form[Answer]:
    """Return the form in which exactly these cases are answered, each once."""
    return Form(Answer, "Hand in your rulings, one for each case.", _problem_of(ids))


def _problem_of(ids: Sequence[str]) -> Callable[[Answer], str]:
    def problem(answer: Answer) -> str:
        given = [entry.letters for entry in answer.rulings]
        told = {
            "has no entry for": [one for one in ids if one not in given],
            "has more than one entry for": sorted({one for one in given if given.count(one) > 1}),
            "has entries that nobody asked for:": sorted({one for one in given if one not in ids}),
        }
        return "; ".join(f"rulings {what} {', '.join(found)[:300]}" for what, found in told.items() if found)

    return problem


def entries(outcome: Submitted[Answer] | Unsubmitted, ids: Sequence[str]) -> dict[str, Entry]:
    """Return what is validly answered, by the letters of the case.

    Of an answer that did not fit the form, those entries count that do, the later answer's first.
    """
    if isinstance(outcome, Submitted):
        return {entry.letters: entry for entry in outcome.value.rulings}
    found: dict[str, Entry] = {}
    for completion in outcome.completions if outcome.why != "ambiguous" else ():
        found |= {letters: entry for letters, entry in _salvaged(completion).items() if letters in ids}
    return found


def _salvaged(completion: Completion) -> dict[str, Entry]:
    """Return the valid entries of a whole answer on our scale that is handed in once; a case answered twice has none.

    An answer with one score beyond the scale may mean another scale by all of them.
    """
    calls = [call for call in completion.tool_calls if call.name == "submit"]
    if len(calls) != 1 or completion.is_truncated or completion.stop == "refused":
        return {}
    raw = _listed(calls[0].arguments)
    if any(_is_off_scale(one.get("score")) for one in raw):
        return {}
    valid = [entry for one in raw if (entry := _entry(one)) is not None]
    given = [str(one.get("id", "")).strip().lower() for one in raw]
    return {entry.letters: entry for entry in valid if given.count(entry.letters) == 1}


def _listed(arguments: str) -> list[Mapping[str, Any]]:
    """Return the entries as they were written, also where the list came as JSON text."""
    try:
        read = json.loads(arguments)
        raw = read.get("rulings") if isinstance(read, dict) else None
        raw = json.loads(raw) if isinstance(raw, str) else raw
    except (ValueError, RecursionError):
        return []
    return [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []


def _is_off_scale(score: Any) -> bool:
    try:
        number = float(score)
    except (TypeError, ValueError, OverflowError):
        return isinstance(score, str) and any(char.isdigit() for char in score)
    return not (0 <= number <= HIGHEST and number == int(number)) or isinstance(score, float)


def _entry(raw: Mapping[str, Any]) -> Entry | None:
    try:
        return Entry.model_validate(raw)
    except ValidationError:
        return None
