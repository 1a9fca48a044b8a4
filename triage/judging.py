"""What a model decides of the uncertain: several cases of one subject a call, and none of them can sway another.

A model may obey a text that it was given to judge. So a text that may speak to its judge (``triage.addressing``), or
that names another case, is judged in a call of its own. Plain texts share a call with two cases of ours, one that is
of the subject and one that is of nothing; their order and their letters follow from all texts together, so that no
text can know its neighbours. Where our own cases come back wrong or not at all, somebody swayed the call: nothing of
it counts, and each case is judged by itself. So is every case that a shared call left without a valid answer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.errors import ModelError, ModelRefused, ModelUnreadable
from core.identity import text_hash
from core.judged import Match, Ruling
from core.lm import Conversation, Submit, Told, Unsubmitted
from core.types import Item, Subject
from triage.addressing import names, speaks
from triage.cases import Case, as_told, seats, told_of, wording
from triage.fencing import one_line
from triage.judging_answers import Entry, answer_form, entries
from triage.model_words import fit_words
from triage.prompt_files import prompt

STAGE = "judging"
TOGETHER = 10
# Of each subject so many uncertain matches are asked about, for each place in the digest: the rest come after them.
_ASKED_A_PLACE = 2
# M2 thinks before it answers, and more the more it is asked.
_TOKENS, _TOKENS_A_CASE = 3_000, 500
# So many requests in a row may be refused, each for a text of its own; after that it is not the texts.
_MOST_REFUSED = 3
_WHY_CHARS = 240


@dataclass(frozen=True, slots=True)
class Judged:
    """Rulings on all cases that were asked about; ``error`` is why some of them could not be asked, if any."""

    rulings: tuple[Ruling, ...]
    error: ModelError | None = None


def to_ask(
    matches: Mapping[str, Sequence[Match]], items: Mapping[str, Item], subjects: Sequence[Subject]
) -> tuple[Case, ...]:
    """Return the uncertain matches to be decided, by subject, the likeliest first.

    Of a subject at most two for each of its ``max_items``, so that a night costs cents whatever came in.
    """
    found: list[Case] = []
    for subject in subjects:
        cases = [Case(items[id_], subject.slug, match) for id_, match in _uncertain(matches, subject) if id_ in items]
        cases.sort(key=lambda case: (-case.match.score, case.item.id))
        found += cases[: _ASKED_A_PLACE * subject.max_items]
    return tuple(found)


def _uncertain(matches: Mapping[str, Sequence[Match]], subject: Subject) -> Iterator[tuple[str, Match]]:
    for item_id, found in matches.items():
        yield from ((item_id, one) for one in found if one.subject == subject.slug and one.band == "uncertain")


def batches(cases: Sequence[Case]) -> tuple[tuple[Case, ...], ...]:
    """Return the cases as calls, to be judged one by one or side by side: of one subject, plain ones up to ten.

    Splitting a batch again gives the batch.
    """
    by_subject: dict[str, list[Case]] = {}
    for case in cases:
        by_subject.setdefault(case.subject, []).append(case)
    return tuple(batch for found in by_subject.values() for batch in _split(found))


def _split(cases: Sequence[Case]) -> Iterator[tuple[Case, ...]]:
    shared: list[list[Case]] = []
    for case in cases:
        if speaks(told_of(case.item)):
            yield (case,)
            continue
        room = next((one for one in shared if len(one) < TOGETHER and not _names_any(case, one)), None)
        if room is None:
            shared.append([case])
        else:
            room.append(case)
    yield from map(tuple, shared)


def _names_any(case: Case, others: Iterable[Case]) -> bool:
    """Tell whether a case names another by its title, or is named by it, or is the same item."""
    return any(
        case.item.id == other.item.id
        or names(told_of(case.item), other.item.title)
        or names(told_of(other.item), case.item.title)
        for other in others
    )


def judge(cases: Sequence[Case], subjects: Sequence[Subject], *, submit: Submit, model: str) -> tuple[Ruling, ...]:
    """Return a ruling on each case, in their order; ``model`` is the name under which they are kept.

    Raises ModelError when the model cannot be asked.
    """
    judged_ = judged(cases, subjects, submit=submit, model=model)
    if judged_.error is not None:
        raise judged_.error
    return judged_.rulings


def judged(cases: Sequence[Case], subjects: Sequence[Subject], *, submit: Submit, model: str) -> Judged:
    """Return a ruling on each case, in their order; nothing is asked further after a ModelError that will repeat.

    A request that is refused may be so for one text in it: then the others are asked by themselves. A case without a
    valid answer, or that could not be asked, has a ruling that says why, and decides nothing.
    """
    bench = _Bench(submit, model, {subject.slug: subject for subject in subjects})
    docket = _Docket(list(batches(cases)))
    while docket.waiting:
        batch = docket.waiting.pop(0)
        try:
            docket.hear(batch, bench.ask(batch))
        except ModelError as failure:
            docket.fail(batch, failure)
    why = one_line(f"the model could not be asked: {fit_words(str(docket.error))}", _WHY_CHARS)
    rulings = (docket.found.get(_key(case)) or bench.undecided(case, why) for case in cases)
    return Judged(tuple(rulings), docket.error)


def _key(case: Case) -> tuple[str, str]:
    return case.item.id, case.subject


@dataclass(slots=True)
class _Docket:
    """The batches that wait, and what is found; ``failed`` counts the requests in a row that were refused."""

    waiting: list[tuple[Case, ...]]
    found: dict[tuple[str, str], Ruling] = field(default_factory=dict)
    error: ModelError | None = None
    failed: int = 0

    def hear(self, batch: Sequence[Case], rulings: Iterable[Ruling]) -> None:
        """Note the rulings of a call; what a shared one left undecided is to be asked again, each case alone."""
        self.failed = 0
        for case, ruling in zip(batch, rulings, strict=True):
            if ruling.belongs is None and len(batch) > 1:
                self.waiting.append((case,))
            else:
                self.found[_key(case)] = ruling

    def fail(self, batch: Sequence[Case], failure: ModelError) -> None:
        """Note a failure; what may be for one text of a shared call is asked again, each case alone."""
        self.error, self.failed = failure, self.failed + 1
        if self.failed > _MOST_REFUSED or not isinstance(failure, (ModelRefused, ModelUnreadable)):
            self.waiting.clear()
        elif len(batch) > 1:
            self.waiting += [(case,) for case in batch]


@dataclass(frozen=True, slots=True)
class _Bench:
    """Who judges, of which subjects."""

    submit: Submit
    model: str
    subjects: Mapping[str, Subject]

    def ask(self, batch: Sequence[Case]) -> list[Ruling]:
        """Return a ruling on each case of a batch, from one call; all undecided where the call was swayed.

        Raises ModelError.
        """
        subject = self.subjects[batch[0].subject]
        shown = seats(batch, subject)
        ids = [seat.id for seat in shown]
        conversation = Conversation(_instructions(subject), (Told(as_told(shown)),))
        tokens = _TOKENS + _TOKENS_A_CASE * len(shown)
        outcome = self.submit(conversation, answer_form(ids), stage=STAGE, max_tokens=tokens)
        found = entries(outcome, ids)
        if not all(seat.stands(found) for seat in shown if seat.case is None):
            found = {}
        why = f"no valid answer: {outcome.why.replace('_', ' ')}" if isinstance(outcome, Unsubmitted) else "swayed"
        by_case = {_key(seat.case): found.get(seat.id) for seat in shown if seat.case is not None}
        return [self._ruling(case, by_case[_key(case)], why) for case in batch]

    def _ruling(self, case: Case, entry: Entry | None, why: str) -> Ruling:
        if entry is None:
            return self.undecided(case, why)
        return Ruling(
            case.item.id, case.subject, entry.belongs, entry.score, entry.told, self.model, prompt("judge").version
        )

    def undecided(self, case: Case, why: str) -> Ruling:
        """Return the ruling that decides nothing, and says why."""
        return Ruling(case.item.id, case.subject, None, 0, why, self.model, prompt("judge").version)


def _instructions(subject: Subject) -> str:
    """Return what never changes for a subject, and is cached: the prompt, then the subject."""
    return f"{prompt('judge').text}\n\nThe subject:\n\n{wording(subject)}"


def ruling_key(case: Case, subjects: Sequence[Subject], model: str) -> str:
    """Return the key of everything that a ruling depends on: prompt, model, the subject's wording, what is told.

    Neighbours in a call are left out: they have no say.
    """
    subject = next(one for one in subjects if one.slug == case.subject)
    depends = (prompt("judge").version, model, wording(subject), told_of(case.item))
    return text_hash(repr(depends))[:16]
