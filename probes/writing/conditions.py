"""Conditions on a text, each with what is told when it does not hold."""

import re
from collections.abc import Iterable, Iterator, Sequence

from probes.writing.demand import Demand, Group, Phrase, Span
from probes.writing.figures import Figure, figures, only_figure, plain
from probes.writing.names import is_known, names, words_of
from probes.writing.outline import Outline, same_title

Condition = tuple[bool, str]
_SMALL_WORDS = frozenset(map(str, range(13)))
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")


def conditions(text: Outline, asked: Demand) -> Iterator[Condition]:
    """Yield every condition of a demand."""
    yield from _lengths(text, asked)
    yield from _structure(text, asked)
    yield from _facts(text, asked)
    yield from _lists(text, asked)
    yield from _letters(text, asked)
    for heading, its in asked.sections.items():
        found = text.section(heading)
        yield from ((holds, f"under {heading}: {told}") for holds, told in conditions(found, its))


def invented(text: Outline, sources: str, also: Iterable[str]) -> Iterator[Condition]:
    """Yield one condition for all figures and one for all names: that the sources, or what else is allowed, have them.

    Small numbers in letters (two of them, both) pass, for they are mostly counts.
    """
    allowed = {one.key for one in figures(" ".join((plain(sources), *also)))}
    new = [one for one in figures(text.text) if one.key not in allowed and not _is_count(one)]
    yield not new, f"figures of no source: {', '.join(text.text[one.start : one.end] for one in new[:5])}"
    words = words_of(plain(sources))
    unknown = [name for name in names(text) if not is_known(name, words)]
    yield not unknown, f"names of no source: {', '.join(unknown[:5])}"


def _is_count(one: Figure) -> bool:
    return one.is_word and one.key in _SMALL_WORDS


def has(text: str, phrase: Phrase) -> bool:
    """Tell whether a plain text has a fact in one of its wordings: a figure, or whole words, case aside."""
    return _place(text, phrase) is not None


def _place(text: str, phrase: Phrase) -> int | None:
    bare = _ORDINAL.sub("", text)
    places = [place for wording in phrase if (place := _place_of(bare, wording)) is not None]
    return min(places, default=None)


def _place_of(text: str, wording: str) -> int | None:
    if (key := only_figure(wording)) is not None:
        return min((one.start for one in figures(text) if one.key == key), default=None)
    spaced = r"\s+".join(re.escape(word) for word in plain(wording).split())
    found = re.search(rf"(?<!\w){spaced}(?!\w)", text, re.IGNORECASE)
    return found.start() if found else None


def _lengths(text: Outline, asked: Demand) -> Iterator[Condition]:
    for span, count, what in (
        (asked.words, text.words, "words"),
        (asked.sentences, len(text.sentences), "sentences"),
        (asked.paragraphs, len(text.of("text")), "paragraphs"),
    ):
        if span:
            yield _within(count, span), f"{count} {what}"
    for span, parts, what in (
        (asked.sentence_words, text.sentences, "sentence"),
        (asked.item_words, tuple(item.text for item in text.of("item")), "item"),
    ):
        if span:
            counts = [len(part.split()) for part in parts]
            yield all(_within(count, span) for count in counts), f"words by {what}: {counts[:40]}"


def _within(count: int, span: Span) -> bool:
    return span[0] <= count <= span[1]


def _structure(text: Outline, asked: Demand) -> Iterator[Condition]:
    if asked.headings is not None:
        said = [block.text for block in text.of("heading")]
        alike = len(said) == len(asked.headings) and all(map(same_title, said, asked.headings))
        yield alike, f"headings: {said[:12]}"
    rows = text.of("row")
    if asked.columns is not None:
        said = list(rows[0].cells) if rows else []
        alike = len(said) == len(asked.columns) and all(map(same_title, said, asked.columns))
        yield alike, f"columns: {said[:12]}"


def _facts(text: Outline, asked: Demand) -> Iterator[Condition]:
    whole = text.text
    for phrase in asked.has:
        yield has(whole, phrase), f"lacks {phrase[0]!r}"
    for phrase in asked.lacks:
        yield not has(whole, phrase), f"has {phrase[0]!r}"
    for group in asked.together:
        yield any(_has_all(spot, group) for spot in text.spots), f"not together: {_told(group)}"
    if asked.order:
        places = [_place(whole, phrase) for phrase in asked.order]
        known = [place for place in places if place is not None]
        yield len(known) == len(places) and known == sorted(known), f"not in this order: {_told(asked.order)}"


def _lists(text: Outline, asked: Demand) -> Iterator[Condition]:
    items = [block.text for block in text.of("item")]
    for wanted in (asked.items, asked.any_order):
        if wanted is not None:
            yield len(items) == len(wanted), f"{len(items)} items, not {len(wanted)}"
    for place, group in enumerate(asked.items or ()):
        yield place < len(items) and _has_all(items[place], group), f"item {place + 1} is not of {_told(group)}"
    for group in asked.any_order or ():
        own = next((item for item in items if _has_all(item, group)), None)
        yield own is not None, f"no item has {_told(group)}"
        items = [item for item in items if item is not own]
    if asked.rows is not None:
        yield from _rows([block.cells for block in text.of("row")[1:]], asked.rows)


def _rows(said: Sequence[Sequence[str]], wanted: Sequence[Group]) -> Iterator[Condition]:
    yield len(said) == len(wanted), f"{len(said)} rows, not {len(wanted)}"
    for place, group in enumerate(wanted):
        cells = said[place] if place < len(said) else ()
        alike = len(cells) == len(group) and all(map(_is_cell, cells, group))
        yield alike, f"row {place + 1} is not {_told(group)}"


def _is_cell(cell: str, phrase: Phrase) -> bool:
    """Tell whether a cell has a fact and no figure beside it."""
    keys = {one.key for one in figures(cell)}
    return any(has(cell, (wording,)) and keys <= {one.key for one in figures(plain(wording))} for wording in phrase)


def _letters(text: Outline, asked: Demand) -> Iterator[Condition]:
    if asked.initials:
        said = "".join(next(filter(str.isalpha, sentence), "") for sentence in text.sentences)
        yield said.casefold() == asked.initials.casefold(), f"the sentences begin with {said[:40]!r}"
    for letter in asked.without:
        yield letter.casefold() not in text.text.casefold(), f"has the letter {letter!r}"


def _has_all(text: str, group: Group) -> bool:
    return all(has(text, phrase) for phrase in group)


def _told(group: Group) -> str:
    return ", ".join(phrase[0] for phrase in group)
