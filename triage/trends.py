"""What rises on the desk: phrases that tonight's papers and posts carry more often than their sources' past has it.

Each source is compared with itself, and only when it told something on enough nights before. So a source that was
added, was silent or had a full night makes no trend, and a first week has none. Releases are left out: the copies of
one model, and the words of its card, would rise every night.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.digest import Trend, TrendItem
from core.types import Item
from triage.phrases import closing_phrases, phrases, spelling
from triage.rises import Stratum, chance, discoveries, least_chance

MIN_NIGHTS = 5
MOST_TOLD = 5
FALSE_RATE = 0.1
"""The share of false trends among those told; where nothing rises, the chance that a night tells any."""

_MIN_COUNT = 4
_MIN_VOICES = 3
_MIN_RATIO = 2.0
_MIN_TITLES = 3
_CLOSING_SHARE = 1 / 3
_TITLE_SHARE = 0.1
_SAME_ITEMS = 0.5
_LISTED_ITEMS = 3
_LISTED_RELATED = 4

Sourced = tuple[str, Item]
"""The name of the source that told of an item first, and the item."""


@dataclass(frozen=True, slots=True)
class _Told:
    """One item of a night, with those of its phrases that are counted."""

    night: date
    source: str
    item: Item
    carries: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Rise:
    key: str
    chance: float
    usual: float
    carriers: tuple[_Told, ...]
    before: tuple[_Told, ...]


def rising(night: date, by_night: Mapping[date, Sequence[Sourced]]) -> tuple[Trend, ...]:
    """Return the trends of a night, the surest first; nights after it do not matter, nor does the order of items."""
    compared = _compared(night, by_night)
    nights = sorted({told.night for told in compared} | {night})
    rises = _rises(night, compared)
    return tuple(_trend(group, nights) for group in _merged(rises)[:MOST_TOLD])


def _compared(night: date, by_night: Mapping[date, Sequence[Sourced]]) -> list[_Told]:
    """Return tonight's items and those of the nights before, of the sources that have a past."""
    news = {day: [each for each in told if each[1].kind != "release"] for day, told in by_night.items() if day <= night}
    nights = Counter(source for day, told in news.items() if day < night for source in {source for source, _ in told})
    known = {source for source, _ in news.get(night, ()) if nights[source] >= MIN_NIGHTS}
    told = [(day, source, item) for day, told in news.items() for source, item in told if source in known]
    counted = _subjects([item.title for _, _, item in told])
    return [
        _Told(day, source, item, (phrases(item.title) | phrases(item.text)) & counted) for day, source, item in told
    ]


def _subjects(titles: Sequence[str]) -> frozenset[str]:
    """Return the phrases that several titles name, and mostly name by themselves, not to describe something else."""
    met = Counter(key for title in titles for key in phrases(title))
    named = Counter(key for title in titles for key in closing_phrases(title))
    return frozenset(key for key, count in met.items() if count >= _MIN_TITLES and named[key] >= _CLOSING_SHARE * count)


def _rises(night: date, compared: Sequence[_Told]) -> list[_Rise]:
    totals = Counter((told.source, told.night == night) for told in compared)
    carriers = _carriers(compared)
    keys = sorted(carriers)
    strata = [_strata(carriers[key], totals, night) for key in keys]
    chances = [chance(each) if _is_much(each) else 1.0 for each in strata]
    found = discoveries(chances, [least_chance(each) for each in strata], FALSE_RATE)
    rises = [_rise(keys[place], chances[place], strata[place], carriers[keys[place]], night) for place in found]
    return [rise for rise in rises if _is_record(rise) and _voices(rise) >= _MIN_VOICES]


def _carriers(compared: Sequence[_Told]) -> dict[str, list[_Told]]:
    """Return who carries each phrase that is a subject: one that stands in titles too, not in texts alone."""
    carriers: dict[str, list[_Told]] = defaultdict(list)
    for told in compared:
        for key in told.carries:
            carriers[key].append(told)
    titled = Counter(key for told in compared for key in phrases(told.item.title))
    return {key: told for key, told in carriers.items() if titled[key] >= _TITLE_SHARE * len(told)}


def _strata(carriers: Sequence[_Told], totals: Mapping[tuple[str, bool], int], night: date) -> list[Stratum]:
    met = Counter((told.source, told.night == night) for told in carriers)
    return [
        Stratum(totals[source, True], totals[source, False], met[source, True], met[source, False])
        for source in sorted({told.source for told in carriers})
    ]


def _is_much(strata: Sequence[Stratum]) -> bool:
    count = sum(each.carrying_tonight for each in strata)
    return count >= max(_MIN_COUNT, _MIN_RATIO * sum(each.expected for each in strata))


def _rise(key: str, chance_of_it: float, strata: Sequence[Stratum], carriers: Sequence[_Told], night: date) -> _Rise:
    tonight = tuple(told for told in carriers if told.night == night)
    before = tuple(told for told in carriers if told.night != night)
    return _Rise(key, chance_of_it, sum(each.expected for each in strata), tonight, before)


def _is_record(rise: _Rise) -> bool:
    """Tell whether no night before had as many: what comes in waves is no trend."""
    return len(rise.carriers) > max(Counter(told.night for told in rise.before).values(), default=0)


def _voices(rise: _Rise) -> int:
    """Return how many first authors carry it, a source's items without authors being one; one group is no trend."""
    return len({told.item.authors[:1] or told.source for told in rise.carriers})


def _merged(rises: Sequence[_Rise]) -> list[list[_Rise]]:
    """Return the rises in groups that share most of their items, each led by its surest; then by the longest."""
    groups: list[list[_Rise]] = []
    for rise in sorted(rises, key=lambda rise: (rise.chance, -len(rise.key), rise.key)):
        group = next((group for group in groups if _is_same(rise, group[0])), None)
        if group is None:
            groups.append([rise])
        else:
            group.append(rise)
    return groups


def _is_same(rise: _Rise, other: _Rise) -> bool:
    ids, other_ids = ({told.item.id for told in each.carriers} for each in (rise, other))
    return len(ids & other_ids) >= _SAME_ITEMS * min(len(ids), len(other_ids))


def _trend(group: Sequence[_Rise], nights: Sequence[date]) -> Trend:
    head = group[0]
    met = Counter(told.night for told in (*head.before, *head.carriers))
    others = [rise for rise in group[1:] if rise.key not in head.key]
    return Trend(
        term=_spelling(head),
        related=tuple(_spelling(rise) for rise in others[:_LISTED_RELATED]),
        count=len(head.carriers),
        usual=round(head.usual, 1),
        series=tuple((night, met[night]) for night in nights),
        items=_told_in(head),
    )


def _spelling(rise: _Rise) -> str:
    items = [told.item for told in rise.carriers]
    return spelling(rise.key, (item.title for item in items), (item.text for item in items))


def _told_in(rise: _Rise) -> tuple[TrendItem, ...]:
    """Return a few of tonight's items, those first that carry the phrase in their title."""
    items = sorted(
        (told.item for told in rise.carriers), key=lambda item: (rise.key not in phrases(item.title), item.id)
    )
    return tuple(TrendItem(item.id, item.title, item.url) for item in items[:_LISTED_ITEMS])
