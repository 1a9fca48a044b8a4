"""How a question is answered: by a model from the evidence, else by the evidence's own sentences, else not at all."""

from core.answers import Answer, Evidence
from core.lm import Submit
from triage.answers import Written, write_answer


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
