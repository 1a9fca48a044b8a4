"""What the list asks of the knowledge base; one question at a time, from whichever thread."""

from dataclasses import dataclass, replace
from threading import Lock

from core.errors import NightdeskError
from core.types import SearchHit
from kb.history import histories
from kb.query import parse
from kb.search import Found, Search
from nightdesk.ballots import Ballot, cast, in_words
from nightdesk.search_list.typed import Typed, read_typed
from nightdesk.wiring import Desk

SHOWN = 50
LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown for something typed: the hits, the best or else the newest first, and what a person should know."""

    typed: Typed
    hits: tuple[SearchHit, ...] = ()
    notes: tuple[str, ...] = ()


class Session:
    """One desk, searched again and again."""

    def __init__(self, desk: Desk) -> None:
        """Search a desk; its parts are opened when they are first needed."""
        self._desk = desk
        self._subjects = list(desk.settings.slugs)
        self._search = Search(desk.store, desk.index, lambda: desk.questioner)
        self._alone = Lock()

    def find(self, typed: str) -> Page:
        """Return the page for what was typed; what goes wrong is a note on it."""
        asked = read_typed(typed[:LONGEST], self._subjects)
        try:
            with self._alone:
                found = self._found(asked)
        except NightdeskError as error:
            return Page(asked, notes=(*asked.problems, str(error)))
        return Page(asked, found.hits, (*asked.problems, *found.warnings))

    def _found(self, asked: Typed) -> Found:
        query = parse(asked.query)
        look = self._search.find if query.words or query.phrases else self._search.newest
        return look(asked.query, asked.wanted, limit=SHOWN)

    def vote(self, hit: SearchHit, word: str) -> tuple[SearchHit, str]:
        """Keep a vote on a hit, ``up`` or ``down``; return the hit with it and what was done in words.

        Raises ConfigError when it is not clear under which subject.
        """
        _, given = cast(self._desk, Ballot(hit.item.id, word))
        with self._desk.store.searching() as connection:
            past = histories(connection, [hit.item.id])[hit.item.id]
        return replace(hit, history=past), f"{in_words(self._desk, given)}; the next night learns from it"
