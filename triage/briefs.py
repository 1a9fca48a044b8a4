"""A model writes a brief: what it is asked, the form of its answer, and one more turn for what the check refuses.

Its words are never told as they come: ``fit_words`` takes out what leads elsewhere, ``brief_check`` what the source
does not say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from core.errors import BudgetSpent, ModelError
from core.lm import Completion, Conversation, Form, Heard, Message, Results, Submit, Submitted, Told, ToolResult
from core.types import BriefPoint, PointKind, Subject
from triage.brief_check import Checked, Draft, report, subject_words
from triage.fencing import fenced, visible
from triage.model_words import fit_words
from triage.prompt_files import Prompt, prompt

VERSION = "brief-1"
SPENT = "the night’s budget is spent"
SHORT = "short, for the night’s budget runs low"
UNASKED = "the model could not be asked"
INVALID = "the model gave no valid brief"
STAGE = "brief"
Length = Literal["full", "short"]
_MAX_TOKENS: dict[Length, int] = {"full": 4000, "short": 2000}
_ASKED: dict[Length, str] = {
    "full": "Write the brief.",
    "short": "Write a short brief: only the summary and the one point that is new.",
}
_LONGEST_TITLE, _LONGEST_TEXT, _LONGEST_WHY = 400, 16_000, 200
_KINDS: tuple[PointKind, ...] = ("new", "shown", "limits", "matters")
_Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
_Quote = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1500)]


class _Point(BaseModel):
    text: Annotated[_Sentence, Field(description="One plain sentence.")]
    quote: Annotated[_Quote, Field(description="The sentence of the text it rests on, copied letter by letter.")]


class ShortForm(BaseModel):
    """A brief of a summary and one point."""

    summary: Annotated[_Sentence, Field(description="One sentence: what the work does or finds.")]
    new: Annotated[list[_Point], Field(description="What is new.", min_length=1, max_length=1)]


class FullForm(ShortForm):
    """A brief with all its points."""

    new: Annotated[list[_Point], Field(description="What is new.", min_length=1, max_length=2)]
    shown: Annotated[list[_Point], Field(description="How it was shown: data, baselines, numbers.", max_length=2)]
    limits: Annotated[list[_Point], Field(description="Limits that the text names.", max_length=2)]
    matters: Annotated[list[_Point], Field(description="Why it matters to the subject.", max_length=1)]


_FORMS: dict[Length, Form[ShortForm]] = {
    "full": Form(FullForm, "Hand in the brief."),
    "short": Form(ShortForm, "Hand in the short brief."),
}


@dataclass(frozen=True, slots=True)
class Writer:
    """The model that writes briefs, and for whom: ``subjects`` are those that keep the story; ``model`` is its name."""

    submit: Submit
    model: str
    prompt: Prompt
    subjects: tuple[Subject, ...] = ()
    length: Length = "full"

    @property
    def version(self) -> str:
        """What its briefs depend on beside the texts; a short one stands for the full one."""
        return f"{VERSION} {self.prompt.version} {self.model} {list(map(subject_words, self.subjects))!r}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking: a draft, with the conversation up to it and the message it came in.

    ``why`` tells why there is none, or why it is a short one.
    """

    draft: Draft | None
    why: str = ""
    asked: Conversation | None = None
    heard: Completion | None = None


def a_writer(submit: Submit, model: str, subjects: Sequence[Subject] = (), *, length: Length = "full") -> Writer:
    """Return the writer with the prompt as its file is now."""
    return Writer(submit, model, prompt("brief"), tuple(subjects), length)


def ask(title: str, text: str, writer: Writer) -> Answer:
    """Ask for the brief of a work, for a short one where the budget does not allow the full one.

    Never raises because of the model; ``why`` then tells what went wrong.
    """
    if not text.strip():
        return Answer(None, "its source told no text to read")
    told = "\n\n".join((_for_whom(writer.subjects), _fenced(title, text), _ASKED[writer.length]))
    answer = _answer(Conversation(writer.prompt.text, (Told(told),)), writer)
    if answer.why == SPENT and writer.length == "full":
        return ask(title, text, replace(writer, length="short"))
    return answer


def ask_again(answer: Answer, checked: Checked, writer: Writer) -> Answer:
    """Ask once more, telling what the check did not find. Never raises because of the model."""
    if answer.asked is None or answer.heard is None:
        return answer
    told = f"Not found in the text:\n{report(checked)}\nSubmit the whole brief again, these parts mended or left out."
    return _answer(answer.asked.then(Heard(answer.heard.raw), *replies(answer.heard, told)), writer)


def _for_whom(subjects: Sequence[Subject]) -> str:
    if not subjects:
        return "The readers follow research in general."
    return "\n".join(("The subjects:", *(f"- {subject_words(subject)}" for subject in subjects)))


def _fenced(title: str, text: str) -> str:
    return "\n\n".join((fenced("title", title, _LONGEST_TITLE), fenced("text", text, _LONGEST_TEXT)))


def replies(heard: Completion, text: str) -> tuple[Message, ...]:
    """Return a text as the answer to every call of a message: hosts refuse calls that are left without one."""
    if not heard.tool_calls:
        return (Told(text),)
    return (Results(tuple(ToolResult(call.id, text, is_error=True) for call in heard.tool_calls)),)


def _answer(asked: Conversation, writer: Writer) -> Answer:
    try:
        outcome = writer.submit(asked, _FORMS[writer.length], stage=STAGE, max_tokens=_MAX_TOKENS[writer.length])
    except BudgetSpent:
        return Answer(None, SPENT)
    except ModelError as error:
        return Answer(None, cut(f"{UNASKED}: {error}"))
    if not isinstance(outcome, Submitted):
        return Answer(None, cut(f"{INVALID}: {outcome.why}, {outcome.detail}"))
    why = SHORT if writer.length == "short" else ""
    return Answer(_draft(outcome.value), why, asked, outcome.completions[-1])


def _draft(form: ShortForm) -> Draft:
    points = (
        BriefPoint(kind, fit_words(point.text), point.quote) for kind in _KINDS for point in getattr(form, kind, ())
    )
    return Draft(fit_words(form.summary), tuple(point for point in points if point.text))


def as_read(text: str) -> str:
    """Return what the model is shown of a text; what it cannot see is no source for what it says."""
    return visible(text)[:_LONGEST_TEXT]


def cut(why: str) -> str:
    """Return a reason short enough to stand beside a summary."""
    return why if len(why) <= _LONGEST_WHY else f"{why[: _LONGEST_WHY - 1]}…"
