"""What the analyst may do: search and open what the desk knows, read works and repositories, and do sums.

Every tool only reads, and every answer is fenced, as text of strangers. The web is reached for the works that the
knowledge base holds and the repositories that these name, and for nothing else, whatever a text asks for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from core.errors import SourceError
from core.lm import ReadTool, Tool
from core.ports import Clock
from core.types import FullText, History, Item
from feeds.repository import Repositories, RepositoryFile, readme_of, repositories_in, repository_name
from kb.filters import Filter
from kb.history import histories
from kb.items import get_items
from kb.search import Found, Search
from kb.store import Store
from nightdesk.arithmetic import calculated
from nightdesk.full_texts import full_text_of
from nightdesk.named_item import possible_ids
from nightdesk.told_items import hit_lines, item_lines, named_by
from nightdesk.tool_arguments import Likeness, Look, Named, Place, Query, Sum
from triage.analyst_findings import Trail
from triage.fencing import fenced, one_line

A = TypeVar("A", bound=BaseModel)
PAGE = 12_000
"""How many characters of a text are given at once."""
_FENCE = 16_000
RESULT_CHARS = 40_000
"""The longest answer of a tool: two fences, which must not be cut open."""
_HITS = 8
_LISTED = 150
_LONGEST_QUERY = 1_000


@dataclass(frozen=True, slots=True)
class Library:
    """What the tools read from; one serves any number of runs at once."""

    store: Store
    search: Search
    read: Callable[[Item], FullText]
    repositories: Repositories
    clock: Clock
    _turn: Lock = field(default_factory=Lock)

    def find(self, query: str, wanted: Filter) -> Found:
        """Search by words and meaning; one at a time, for the vectors are loaded by the first."""
        with self._turn:
            return self.search.find(query[:_LONGEST_QUERY], wanted, limit=_HITS)

    def similar(self, item: Item, wanted: Filter) -> Found:
        """Return what is most like an item."""
        with self._turn:
            return self.search.similar(item, wanted, limit=_HITS)

    def item(self, named: str) -> Item:
        """Return a stored item.

        Raises ValueError when there is none.
        """
        ids = possible_ids(named)
        with self.store.reading() as connection:
            found = get_items(connection, ids)
        if not found:
            raise ValueError(f"there is no item {named!r:.120}: give an id that search or find_related told")
        return next(found[key] for key in ids if key in found)

    def history(self, item: Item) -> History:
        """Return what became of an item."""
        with self.store.searching() as connection:
            return histories(connection, [item.id])[item.id]


def analyst_tools(library: Library, items: Sequence[Item], trail: Trail) -> tuple[ReadTool, ...]:
    """Return the tools of one run on a story; what they meet is noted on its trail."""
    return _Tools(library, items[0], trail, {name for item in items for name in named_by(item)}).all()


@dataclass(frozen=True, slots=True)
class _Tools:
    """The tools of one run; ``repositories`` are those that what was opened names."""

    library: Library
    lead: Item
    trail: Trail
    repositories: set[str]

    def all(self) -> tuple[ReadTool, ...]:
        return (
            _tool("search", "Searches the knowledge base by words and meaning.", Query, self.search),
            _tool("open_item", "Opens an item: what it is, what was decided on it, its brief.", Named, self.open_item),
            _tool("read_text", "Reads a paper, article or model card, page by page.", Place, self.read_text),
            _tool("find_related", "Finds what is most like an item, earlier work included.", Likeness, self.related),
            _tool("look_at_repository", "Lists a repository, or reads a file of it.", Look, self.look),
            _tool("calculate", "Does a sum.", Sum, lambda given: f"{calculated(given.expression)!r}"),
        )

    def search(self, given: Query) -> str:
        kind = None if given.kind == "any" else given.kind
        return self._told(self.library.find(given.query, Filter(kind=kind, until=_day(given.until))))

    def related(self, given: Likeness) -> str:
        return self._told(self.library.similar(self._item(given.id), Filter(until=_day(given.until))))

    def open_item(self, given: Named) -> str:
        item = self._opened(given.id)
        return fenced("item", "\n".join(item_lines(item, self.library.history(item))), _FENCE)

    def read_text(self, given: Place) -> str:
        item = self._opened(given.id)
        found = full_text_of(self.library.store, item, self.library.read, self.library.clock)
        self._may_look_at(repositories_in(found.text))
        why = (
            f"Only what the source told, for the whole cannot be had: {one_line(found.why, 300)}\n" if found.why else ""
        )
        return why + _page("text", found.text, given.offset)

    def look(self, given: Look) -> str:
        name = repository_name(given.repository)
        if name not in self.repositories:
            known = ", ".join(sorted(self.repositories)) or "none so far"
            raise ValueError(f"nothing that you opened names {name}; what you opened names {known}")
        self.trail.addresses.add(f"https://github.com/{name}")
        path = given.path.strip().strip("/")
        if not path:
            return self._front(name, given.offset)
        below = [file for file in self._files(name) if file.path.startswith(f"{path}/")]
        if below:
            return fenced("files", _listing(below), _FENCE)
        return _page("file", self._text(name, path), given.offset)

    def _front(self, name: str, offset: int) -> str:
        """Return the list of a repository's files, as far as it can be had, and its README."""
        try:
            files = self.library.repositories.files(name)
            listed = fenced("files", _listing(files), _FENCE)
        except SourceError as error:
            files, listed = (), f"The list of files cannot be had: {error}"
        readme = readme_of(files)
        page = _page("README", self._text(name, readme), offset)
        return f"{listed}\n\n{page}"

    def _files(self, name: str) -> tuple[RepositoryFile, ...]:
        try:
            return self.library.repositories.files(name)
        except SourceError:
            return ()  # files can be read without the list of them

    def _text(self, name: str, path: str) -> str:
        text = self.library.repositories.text(name, path)
        self._may_look_at(repositories_in(text))
        return text

    def _item(self, named: str) -> Item:
        return self.library.item(named) if named.strip() else self.lead

    def _opened(self, named: str) -> Item:
        item = self._item(named)
        self.trail.meet(item)
        self._may_look_at(named_by(item))
        return item

    def _may_look_at(self, names: Iterator[str] | Sequence[str]) -> None:
        self.repositories.update(names)

    def _told(self, found: Found) -> str:
        self.trail.meet(*(hit.item for hit in found.hits))
        hits = "\n\n".join("\n".join(hit_lines(hit)) for hit in found.hits)
        notes = "".join(f"{one_line(warning, 300)}\n" for warning in found.warnings)
        return notes + (fenced("hits", hits, _FENCE) if hits else "Nothing was found.")


def _tool(name: str, description: str, arguments: type[A], run: Callable[[A], str]) -> ReadTool:
    """Return a tool whose arguments are checked before it runs."""

    def checked(given: Mapping[str, Any]) -> str:
        try:
            read = arguments.model_validate(given)
        except ValidationError as error:
            problems = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise ValueError("; ".join(problems)) from error
        return run(read)

    return ReadTool(Tool(name, description, arguments.model_json_schema()), checked)


def _day(written: str) -> date | None:
    """Return a day, or None where none is written. Raises ValueError when there is no such day."""
    return date.fromisoformat(written) if written else None


def _page(label: str, text: str, offset: int) -> str:
    """Return a page of a text, saying what there is of it before and after."""
    if offset and offset >= len(text):
        raise ValueError(f"the {label} has {len(text)} characters, and none from {offset} on")
    end = min(offset + PAGE, len(text))
    more = f"; the next page begins at offset {end}" if end < len(text) else ""
    return f"Characters {offset} to {end} of {len(text)}{more}.\n{fenced(label, text[offset:end], _FENCE)}"


def _listing(files: Sequence[RepositoryFile]) -> str:
    lines = [f"{file.path} ({file.size:,} bytes)" for file in files[:_LISTED]]
    left = len(files) - len(lines)
    return "\n".join([*lines, f"and {left:,} more: name a folder to list it"] if left > 0 else lines)
