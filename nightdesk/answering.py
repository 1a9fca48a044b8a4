"""How a question is answered: by a model from the evidence, else by the evidence's own sentences, else not at all."""

from contextlib import closing
from dataclasses import dataclass
from functools import partial

from core.answers import Answer, Evidence, Passage, Said
from core.lm import Submit
from core.ports import Progress, system_clock
from core.types import Item
from kb.evidence import Enquiry
from kb.filters import Filter
from lm.submit import submit
from nightdesk.models import open_model
from nightdesk.wiring import Desk
from triage.answers import Written, write_answer
from triage.sentences import sentences

_SECONDS = 120.0
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Told:
    """An answer with its evidence, and the name of the model where one wrote it."""

    evidence: Evidence
    answer: Answer
    model: str | None

    @property
    def sources(self) -> tuple[Item, ...]:
        """The items that are cited, in the order of the answer; without an answer, the nearest ones."""
        cited = [passage for said in self.answer.sentences for passage in said.passages]
        items = {passage.item.id: passage.item for passage in cited or self.evidence.passages}
        return tuple(items.values())[: None if cited else _NEAREST]

    def numbers(self, said: Said) -> list[int]:
        """Return the numbers that a sentence's sources have in the list, counted from one."""
        ids = [item.id for item in self.sources]
        return sorted({ids.index(passage.item.id) + 1 for passage in said.passages})

    def passages_of(self, item: Item) -> list[Passage]:
        """Return the passages of an item that are cited."""
        cited = {passage.id: passage for said in self.answer.sentences for passage in said.passages}
        return [passage for passage in cited.values() if passage.item.id == item.id]


def answer(desk: Desk, question: str, wanted: Filter, *, report: Progress) -> Told:
    """Answer a question from the base: by the configured model, on tonight's account, where there is evidence."""
    evidence = _evidence(desk, question, wanted, report=report)
    model = open_model(desk, system_clock().astimezone(desk.settings.timezone).date()) if evidence.is_enough else None
    if model is None:
        return _extracted(evidence)
    name = model.wire.settings.model
    with closing(model.wire):
        report(f"{name} reads {len(evidence.passages)} passages")
        written = answered(evidence, partial(submit, partial(model.complete, seconds=_SECONDS)))
    return Told(evidence, written, name if written.origin == "model" else None)


def answer_locally(desk: Desk, question: str, wanted: Filter, *, report: Progress) -> Told:
    """Answer a question from the base by the sentences that stand there."""
    return _extracted(_evidence(desk, question, wanted, report=report))


def _evidence(desk: Desk, question: str, wanted: Filter, *, report: Progress) -> Evidence:
    report("looking for evidence")
    return Enquiry(desk.store, desk.index, lambda: desk.questioner, sentences).evidence(question, wanted)


def _extracted(evidence: Evidence) -> Told:
    return Told(evidence, answered(evidence, None), None)


def answered(evidence: Evidence, submit: Submit | None) -> Answer:
    """Return an answer that rests on the evidence alone. Never raises because of the model."""
    if not evidence.is_enough:
        return Answer("none")
    if submit is None:
        return Answer("extracted", evidence.extract)
    written = write_answer(evidence.question, evidence.passages, submit)
    if written.sentences:
        return Answer("model", written.sentences, _removed(written))
    if not written.why and not written.removed:
        return Answer("none", notes=("the model read the passages and found no answer in them",))
    why = written.why or "the passages do not bear out what the model said"
    return Answer("extracted", evidence.extract, (f"extracted, not written: {why}",))


def _removed(written: Written) -> tuple[str, ...]:
    if not written.removed:
        return ()
    what = "one sentence was" if written.removed == 1 else f"{written.removed} sentences were"
    return (f"{what} taken out: the passages do not bear out what was said",)
