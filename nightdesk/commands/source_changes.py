"""``sources add``, ``import`` and ``export``: following more, and taking along what is followed."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.errors import ConfigError, SourceError, Unreadable
from core.identity import normalise_url
from core.polls import Poll, SourceMemory, Validators
from core.ports import system_clock
from core.sources import SourceSpec
from feeds.answer import Answer, Fetch
from feeds.discovery import Discovery, discover
from feeds.known_sites import Value, known_site
from feeds.opml import Subscription, read_opml, write_opml
from feeds.sources import source
from feeds.text import collapse, web_address
from nightdesk.commands.source_check import newest_first, newest_json, newest_lines, poll_now
from nightdesk.commands.sources import addresses
from nightdesk.config import Settings, find_config, load_config
from nightdesk.config_file import add_sources, source_text
from nightdesk.night import a_night
from nightdesk.output import Block, print_blocks, print_json, print_labelled, say
from nightdesk.wiring import network

_DAY = timedelta(hours=24)
_EXPORTED_FEEDS = ("rss", "arxiv", "github_releases")
_LARGEST_LIST = 16 * 2**20
_NAME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be followed, as a person asked for it."""

    url: str
    name: str | None
    subjects: tuple[str, ...]
    dry_run: bool


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source that is not in the configuration yet, with the kind's own keys."""

    name: str
    kind: str
    keys: tuple[tuple[str, Value], ...]
    subjects: tuple[str, ...] = ()

    @property
    def spec(self) -> SourceSpec:
        """The source as it is polled."""
        return SourceSpec(self.kind, self.name, source(self.kind).Options(**dict(self.keys)), self.subjects)

    @property
    def table(self) -> dict[str, Value]:
        """The source as it stands in the configuration."""
        return {"kind": self.kind, "name": self.name, **dict(self.keys), "subjects": self.subjects}


def add(config: Path | None, wish: Wish, *, as_json: bool) -> int:
    """Find the feed behind an address, follow it, and return the exit code: 1 when there is none that answers."""
    settings = load_config(find_config(config))
    _check_subjects(wish.subjects, settings)
    wire = network(settings)
    wire = replace(wire, fetch=_asked_once(wire.fetch))
    try:
        found = discover(_address(wish.url), wire.fetch)
    except SourceError as error:
        say(f"nothing was added: {error}")
        return 1
    new = NewSource(collapse(wish.name or _short(found.name)), found.kind, found.keys, wish.subjects)
    _check_unknown(new, settings)
    night = a_night(settings.timezone, None, _DAY, wire.clock())
    poll = poll_now(new.spec, SourceMemory(), wire, night)[1]
    if not poll.succeeded:
        say(f"nothing was added: {new.name} does not answer as it should: {poll.why}")
        return 1
    if not wish.dry_run:
        add_sources(settings.path, [new.table])
    _tell_added(_Added(new, found, poll, settings, wish.dry_run), as_json=as_json)
    return 0


def _address(url: str) -> str:
    given = url.strip()
    address = web_address(given if "://" in given else f"https://{given}")
    if not address:
        raise ConfigError(f"{url!r} is no http or https address")
    return address


def _short(name: str) -> str:
    return name if len(name) <= _NAME_LENGTH else name[:_NAME_LENGTH].rsplit(" ", 1)[0] + " …"


def _asked_once(fetch: Fetch) -> Fetch:
    """Return a fetch that asks every address once, for what was looked for and found is then read as a source."""
    answers: dict[str, Answer] = {}

    def ask(url: str, known: Validators) -> Answer:
        if url not in answers:
            answers[url] = fetch(url, known)
        return answers[url]

    return ask


def _check_subjects(slugs: Iterable[str], settings: Settings) -> None:
    known = [subject.slug for subject in settings.subjects]
    for slug in slugs:
        if slug not in known:
            raise ConfigError(f"there is no subject {slug!r}; there are {', '.join(known) or 'none'}")


def _check_unknown(new: NewSource, settings: Settings) -> None:
    now = system_clock()
    for spec in settings.sources:
        if _ids(new.spec, now) & _ids(spec, now):
            raise ConfigError(f"{settings.path}: {addresses(new.spec, now)[0]} is followed already, as {spec.name!r}")
    if new.name.casefold() in {spec.name.casefold() for spec in settings.sources}:
        raise ConfigError(f"{settings.path}: there is a source {new.name!r} already; give another name with --name")


def _ids(spec: SourceSpec, now: datetime) -> frozenset[str]:
    """Return what tells a source from others: the addresses that it is asked at."""
    return frozenset(map(normalise_url, addresses(spec, now)))


@dataclass(frozen=True, slots=True)
class _Added:
    """What there is to tell of a source that was added, or would be."""

    new: NewSource
    found: Discovery
    poll: Poll
    settings: Settings
    dry_run: bool


def _tell_added(added: _Added, *, as_json: bool) -> None:
    items = newest_first(added.poll.items)
    if as_json:
        print_json(_added_json(added) | {"entries": len(items), "newest": newest_json(items)})
        return
    path = added.settings.path
    told = [("would add" if added.dry_run else "added", f"to {path}:"), ("", source_text(added.new.table).strip())]
    told += [("found", added.found.how)]
    others = [(link.address, link.title) for link in added.found.passed_over]
    told += [("passed over" if place == 0 else "", " ".join(other)) for place, other in enumerate(others)]
    told += [("outcome", added.poll.why)] * bool(added.poll.why)
    print_labelled([*told, *newest_lines(items, added.settings)])


def _added_json(added: _Added) -> dict[str, Any]:
    return {
        "added": not added.dry_run,
        "file": str(added.settings.path),
        "source": _source_json(added.new),
        "how": added.found.how,
        "passed_over": [{"url": link.address, "title": link.title} for link in added.found.passed_over],
        "why": added.poll.why,
    }


def _source_json(new: NewSource) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in new.table.items()}


def import_opml(config: Path | None, file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Follow the feeds of a subscription list that are not followed yet; nothing is asked of them."""
    settings = load_config(find_config(config))
    listed = _read_list(file)
    new = new_sources(listed, settings)
    if new and not dry_run:
        add_sources(settings.path, [one.table for one in new])
    unusable = sum(not one.address for one in listed)
    counts = {"added": 0 if dry_run else len(new), "duplicates": len(listed) - len(new) - unusable}
    if as_json:
        sources = [_source_json(one) for one in new]
        print_json({"file": str(settings.path), "dry_run": dry_run, **counts, "unusable": unusable, "sources": sources})
        return
    verb = "would be added" if dry_run else "added"
    _print_imported(new, verb)
    others = f", {unusable} without an address on the web" if unusable else ""
    say(f"{settings.path}: {len(new)} {verb}, {counts['duplicates']} followed already or listed twice{others}")


def _print_imported(new: Sequence[NewSource], verb: str) -> None:
    blocks = [Block((one.name, one.kind, ", ".join(one.subjects)), _told(one), stands_out=False) for one in new]
    if blocks:
        print_blocks(f"{verb}:", ("name", "kind", "subjects"), blocks)


def _told(new: NewSource) -> tuple[str, ...]:
    return tuple(str(value) for _, value in new.keys)


def _read_list(file: Path) -> tuple[Subscription, ...]:
    try:
        if file.stat().st_size > _LARGEST_LIST:
            raise ConfigError(f"{file} is larger than {_LARGEST_LIST // 2**20} MB, which no subscription list is")
        return read_opml(file.read_bytes())
    except OSError as error:
        raise ConfigError(f"cannot read {file}: {error.strerror}") from error
    except Unreadable as error:
        raise ConfigError(f"{file}: {error}") from error


def new_sources(listed: Iterable[Subscription], settings: Settings) -> list[NewSource]:
    """Return what a list names and the configuration lacks, each once, under names that are free."""
    now = system_clock()
    taken = {address for spec in settings.sources for address in _ids(spec, now)}
    names = {spec.name.casefold() for spec in settings.sources}
    new = []
    for one in listed:
        candidate = _of_subscription(one, settings) if one.address else None
        if candidate is None or _ids(candidate.spec, now) & taken:
            continue
        named = replace(candidate, name=free_name(candidate.name, one.address, names))
        names.add(named.name.casefold())
        taken |= _ids(named.spec, now)
        new.append(named)
    return new


def _of_subscription(one: Subscription, settings: Settings) -> NewSource:
    slugs = {subject.slug for subject in settings.subjects}
    hints = dict.fromkeys("-".join(label.lower().split()) for label in one.labels)
    subjects = tuple(slug for slug in hints if slug in slugs)
    site = known_site(one.address)
    if site and site.kind in ("arxiv", "github_releases"):
        return NewSource(_short(one.title) or site.name, site.kind, site.keys, subjects)
    name = _short(one.title) or urlsplit(one.address).hostname or one.address
    return NewSource(name, "rss", (("url", one.address),), subjects)


def free_name(name: str, address: str, names: set[str]) -> str:
    """Return the name, or where it is taken, one that its host or a number tells from others; ``names`` are folded."""
    if name.casefold() not in names:
        return name
    hosted = f"{name} ({urlsplit(address).hostname})"
    numbered = (f"{hosted} {number}" for number in range(2, len(names) + 3))
    return next(one for one in (hosted, *numbered) if one.casefold() not in names)


def export_opml(config: Path | None, file: Path | None, *, as_json: bool) -> None:
    """Write the feeds that are followed as a subscription list, to a file or else to stdout.

    Raises ConfigError when the file stands for something else already.
    """
    settings = load_config(find_config(config))
    listed = subscriptions(settings.sources, system_clock())
    text = write_opml("nightdesk", listed)
    if file is not None:
        _write_list(file, text)
    if as_json:
        feeds = [{"name": one.title, "url": one.address, "subjects": list(one.labels)} for one in listed]
        print_json({"file": str(file) if file else None, "feeds": feeds})
    elif file is None:
        sys.stdout.write(text)
    else:
        say(f"wrote {len(listed)} feeds to {file}; {len(settings.sources) - len(listed)} sources are no feeds")


def subscriptions(specs: Sequence[SourceSpec], now: datetime) -> list[Subscription]:
    """Return the sources that any feed reader can follow."""
    feeds = [spec for spec in specs if spec.kind in _EXPORTED_FEEDS]
    return [Subscription(spec.name, addresses(spec, now)[0], spec.subjects) for spec in feeds]


def _write_list(file: Path, text: str) -> None:
    if file.exists():
        try:
            _read_list(file)
        except ConfigError as error:
            raise ConfigError(f"{file} exists and is no subscription list; name another file") from error
    unfinished = file.with_name(f".{file.name}.tmp")
    try:
        unfinished.write_text(text, "utf-8")
        unfinished.replace(file)
    except OSError as error:
        raise ConfigError(f"cannot write {file}: {error.strerror}") from error
