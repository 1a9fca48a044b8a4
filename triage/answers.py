"""A model answers a question from passages: what it is asked, the form, and one more turn for what the check refuses.

A sentence is told only where the passages that it cites bear it out; it is checked as a brief's summary is.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from core.answers import Passage, Said
from core.errors import BudgetSpent, ModelError
from core.lm import Conversation, Form, Heard, Submit, Submitted, Told, Unsubmitted
from triage.brief_check import Draft, Ground, Trouble, check
from triage.briefs import as_read, cut, replies
from triage.fencing import fenced, visible
from triage.model_words import fit_words
from triage.prompt_files import prompt

STAGE = "ask"
MOST_PASSAGES = 16
_MAX_TOKENS = 3000
_LONGEST_QUESTION, _LONGEST_PASSAGE = 4000, 1600
_MARK = re.compile(r"\s*[\[(](?:p\d+(?:,\s*)?)+[\])]")
_Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]


class _Sentence(BaseModel):
    text: Annotated[_Words, Field(description="One plain sentence.")]
    passages: Annotated[list[_Id], Field(description="The ids of the passages it rests on.", min_length=1)]


class AnswerForm(BaseModel):
    """An answer; empty where the passages hold none."""

    sentences: Annotated[list[_Sentence], Field(description="The answer, sentence by sentence.", max_length=8)]


@dataclass(frozen=True, slots=True)
class Written:
    """What a model answered: ``sentences`` that hold, how many were ``removed``, or ``why`` there is no answer.

    No sentence, none removed and no ``why``: the model says that the passages do not answer.
    """

    sentences: tuple[Said, ...] = ()
    removed: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Checked:
    said: Said
    troubles: tuple[Trouble, ...]


def write_answer(question: str, passages: Sequence[Passage], submit: Submit) -> Written:
    """Let a model answer a question from at most 16 passages. Never raises because of the model."""
    shown = {passage.id: passage for passage in passages[:MOST_PASSAGES]}
    asked = Conversation(prompt("answer").text, (Told(_told(question, shown.values())),))
    first = _asked(asked, shown, submit)
    if isinstance(first, str):
        return Written(why=first)
    checked = _checked(first.value, shown)
    refused = [one for one in checked if one.troubles]
    if refused:
        heard = first.completions[-1]
        again = _asked(asked.then(Heard(heard.raw), *replies(heard, _report(refused))), shown, submit)
        checked = checked if isinstance(again, str) else _checked(again.value, shown)
    sound = tuple(one.said for one in checked if not one.troubles)
    return Written(sound, len(checked) - len(sound))


def _told(question: str, passages: Collection[Passage]) -> str:
    data = (fenced(f"passage {one.id}", _read(one), _LONGEST_PASSAGE) for one in passages)
    return "\n\n".join(("The passages:", *data, f"The question: {visible(question)[:_LONGEST_QUESTION]}"))


def _read(passage: Passage) -> str:
    return f"{passage.item.title}\n\n{passage.text}"


def _asked(asked: Conversation, shown: dict[str, Passage], submit: Submit) -> Submitted[AnswerForm] | str:
    """Return what was submitted, or why nothing was."""
    form = Form(AnswerForm, "Hand in the answer.", lambda answer: _unknown(answer, shown))
    try:
        outcome = submit(asked, form, stage=STAGE, max_tokens=_MAX_TOKENS)
    except BudgetSpent:
        return "the night's budget is spent"
    except ModelError as error:
        return cut(f"the model could not be asked: {error}")
    if isinstance(outcome, Unsubmitted):
        return cut(f"the model gave no valid answer: {outcome.why}, {outcome.detail}")
    return outcome


def _unknown(answer: AnswerForm, shown: dict[str, Passage]) -> str:
    unknown = {one for sentence in answer.sentences for one in sentence.passages} - shown.keys()
    return f"there is no passage {', '.join(sorted(unknown))}; there are {', '.join(shown)}" if unknown else ""


def _checked(answer: AnswerForm, shown: dict[str, Passage]) -> list[_Checked]:
    """Hold every sentence to the passages it cites; one of which nothing is left is none."""
    found = []
    for sentence in answer.sentences:
        cited = tuple(shown[one] for one in dict.fromkeys(sentence.passages))
        if text := fit_words(_MARK.sub("", sentence.text)):
            found.append(_Checked(Said(text, cited), _troubles(text, cited)))
    return found


def _troubles(text: str, cited: Sequence[Passage]) -> tuple[Trouble, ...]:
    titles = "\n".join(dict.fromkeys(passage.item.title for passage in cited))
    ground = Ground(as_read(titles), "\n\n".join(as_read(passage.text)[:_LONGEST_PASSAGE] for passage in cited))
    return check(Draft(text), ground).summary


def _report(refused: Sequence[_Checked]) -> str:
    lines = [
        f"- “{one.said.text}”: {'; '.join(f'“{trouble.what}” ({trouble.why})' for trouble in one.troubles)}"
        for one in refused
    ]
    told = "\n".join(lines)
    return f"Not found in the passages that these sentences cite:\n{told}\nSubmit the whole answer again."
