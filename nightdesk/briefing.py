"""The stages in which the kept stories are summarised, and the best of them analysed."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial

from sqlalchemy import Connection

from core.judged import Analysis, Story
from core.lm import Submitted
from core.types import Brief, BriefOrigin, Item, Night, Verdict
from kb import items as stored
from kb import judgements
from kb.rulings import find_analysis, keep_analysis
from lm.model import Model
from nightdesk.analysing import Case, analyse_case, caps_for, key_of, library_of
from nightdesk.degrading import is_scarce
from nightdesk.judging import UNSCORED
from nightdesk.night_deps import NightDeps
from triage.briefs import Length, a_writer
from triage.graph import LOCAL, BriefDeps, brief_key, write_brief, written_by

Means = Callable[[frozenset[str], Length], BriefDeps]
"""What a brief of a length is written with, for the subjects of these slugs."""


@dataclass(frozen=True, slots=True)
class KeptStory:
    """A story that is told: its items in its order, the subjects that keep it, and the best of their scores."""

    story: Story
    items: tuple[Item, ...]
    subjects: frozenset[str]
    score: float


def kept_stories(connection: Connection, night: Night) -> list[KeptStory]:
    """Return the stories of a night that some subject keeps."""
    kept: dict[str, list[Verdict]] = {}
    for verdict in judgements.verdicts_of(connection, night.date):
        if verdict.decision == "kept":
            kept.setdefault(verdict.item_id, []).append(verdict)
    told = [story for story in judgements.stories_of(connection, night.date) if kept.keys() & set(story.item_ids)]
    items = stored.get_items(connection, [item_id for story in told for item_id in story.item_ids])
    return [_kept_story(story, items, [one for id_ in story.item_ids for one in kept.get(id_, ())]) for story in told]


def _kept_story(story: Story, items: Mapping[str, Item], verdicts: Sequence[Verdict]) -> KeptStory:
    subjects = frozenset(verdict.subject for verdict in verdicts if verdict.subject)
    told = tuple(items[item_id] for item_id in story.item_ids)
    return KeptStory(story, told, subjects, max(verdict.score for verdict in verdicts))


def brief(deps: NightDeps) -> Counter[BriefOrigin]:
    """Write the briefs of the kept stories that have none yet, or none by the model; count them by who wrote them."""
    means = _means(deps)
    with deps.desk.store.reading() as connection:
        kept = kept_stories(connection, deps.night)
        known = _known_briefs(connection, kept, means)
    pending = [told for told in kept if (held := known.get(told.story.id)) is None or _is_makeshift(held)]
    at_once = partial(deps.asking.at_once, in_turn=True) if deps.model and deps.asking else map
    done = at_once(lambda told: _write_brief(told, deps, means), pending)
    written: Counter[BriefOrigin] = Counter()
    for place, origin in enumerate(done, 1):
        deps.progress(f"summarised {place} of {len(pending)} stories")
        written[origin] += 1
    return written


def _is_makeshift(held: Brief) -> bool:
    return held.origin == "local" and bool(held.why)


def _write_brief(told: KeptStory, deps: NightDeps, means: Means) -> BriefOrigin:
    """Write one brief, keep it at once, and return who wrote it."""
    length: Length = "short" if deps.model and is_scarce(deps.model.budget) else "full"
    written = write_brief(told.story, told.items, means(told.subjects, length))
    with deps.desk.store.noting() as connection:
        judgements.keep_brief(connection, written)
    return written.origin


def _known_briefs(connection: Connection, kept: Sequence[KeptStory], means: Means) -> dict[str, Brief]:
    """Return the briefs of stories by their ids, as far as there are any; a short one has the key of a full one."""
    keys = {told.story.id: brief_key(told.items, means(told.subjects, "full")) for told in kept}
    return judgements.find_briefs(connection, keys)


def _means(deps: NightDeps) -> Means:
    """Return what briefs are written with, by the subjects that keep a story: the model where there is one."""
    model, asking = deps.model, deps.asking
    if model is None or asking is None:
        return lambda _slugs, _length: LOCAL

    @cache
    def means(slugs: frozenset[str], length: Length) -> BriefDeps:
        subjects = [subject for subject in deps.desk.settings.subjects if subject.slug in slugs]
        return written_by(a_writer(asking, model.wire.settings.model, subjects, length=length))

    return means


def analyse(deps: NightDeps) -> int:
    """Let the analyst look into the night's best stories, as far as the budget goes; return how many it did."""
    if deps.model is None or deps.desk.settings.llm is None or deps.asking is None or deps.asking.is_away:
        return 0
    with deps.desk.store.reading() as connection:
        best = sorted(kept_stories(connection, deps.night), key=lambda told: (-told.score, told.story.id))
        cases = [_case(told, deps) for told in best[: deps.desk.settings.llm.analyses]]
        open_ones = [
            case for case in cases if find_analysis(connection, case.story.id, key_of(case, deps.model)) is None
        ]
    library, model = library_of(deps.desk, deps.wire), deps.model
    done = deps.asking.at_once(lambda case: analyse_case(case, library, model, caps_for(model)), open_ones)
    for place, (found, run) in enumerate(done, 1):
        deps.progress(f"analysed {place} of {len(open_ones)} stories")
        if isinstance(run.outcome, Submitted):
            with deps.desk.store.writing() as connection:
                keep_analysis(connection, found)
    return len(open_ones)


def _case(told: KeptStory, deps: NightDeps) -> Case:
    subjects = [subject for subject in deps.desk.settings.subjects if subject.slug in told.subjects]
    return Case(told.story, told.items, subjects)


def _analysis(connection: Connection, case: Case, model: Model) -> Analysis | None:
    return find_analysis(connection, case.story.id, key_of(case, model))


def briefs_of(connection: Connection, kept: Sequence[KeptStory], deps: NightDeps) -> dict[str, Brief]:
    """Return the briefs of stories by their ids."""
    return _known_briefs(connection, kept, _means(deps))


def analyses_of(connection: Connection, kept: Sequence[KeptStory], deps: NightDeps) -> dict[str, Analysis]:
    """Return the analyses of stories by their ids, as far as there are any."""
    if deps.model is None:
        return {}
    found = [_analysis(connection, _case(told, deps), deps.model) for told in kept]
    return {known.story_id: known for known in found if known}


def marks_of(connection: Connection, kept: Sequence[KeptStory], night: date) -> dict[str, str]:
    """Return by story that it is delivered unscored, where it is."""
    verdicts = judgements.verdicts_of(connection, night)
    unscored = {verdict.item_id for verdict in verdicts if verdict.reason.startswith(UNSCORED)}
    return {told.story.id: UNSCORED for told in kept if unscored & set(told.story.item_ids)}
