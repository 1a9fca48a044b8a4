"""What ``/nightdesk`` does: search, ask, why, saved, help; each is answered to who typed it alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from core.delivery import Post
from core.errors import NightdeskError
from core.ports import Progress, silent
from digests import slack_answers, slack_found
from digests.outside import plain
from digests.slack_events import Typed
from digests.slack_reply import Reply, reply
from kb.clicks import saved_by
from kb.filters import ANYTHING
from kb.items import get_items
from nightdesk.answering import Told, answer
from nightdesk.commands.why import record_lines, record_of
from nightdesk.ear.clicks import NOT_COUNTED
from nightdesk.ear.voters import Voters
from nightdesk.named_item import named_item
from nightdesk.search_list.session import Session
from nightdesk.wiring import Desk

HELP = (
    "/nightdesk search WORDS finds what was read · /nightdesk ask QUESTION answers from it"
    " · /nightdesk why ITEM tells what was decided on an item, named by its address or id"
    " · /nightdesk saved shows your list. The buttons and a 👍 or 👎 under a story teach the next digest."
)
_LONGEST = 2000


@dataclass(frozen=True)
class Commands:
    """Works commands one after the other; ``tell`` gets a line where an answer is lost."""

    desk: Desk
    voters: Voters
    tell: Progress

    def hear(self, event: Typed) -> None:
        """Do what was typed. Never raises because of Slack, the store or a model."""
        try:
            reply(event.answer_to, Reply(self._answered(event)))
        except NightdeskError as error:
            self.tell(f"a command in Slack was not answered: {error}")

    def _answered(self, event: Typed) -> Post:
        try:
            voter = self.voters.named(event.user)
            return slack_answers.told(NOT_COUNTED) if voter is None else self._done(event.text, voter)
        except NightdeskError as error:
            return slack_answers.told(f"That did not work: {error}")

    def _done(self, typed: str, voter: str) -> Post:
        word, _, rest = plain(typed)[:_LONGEST].partition(" ")
        if word.lower() == "saved":
            return self._saved(voter)
        asked: Mapping[str, Callable[[str], Post]] = {"search": self._search, "ask": self._ask, "why": self._why}
        do = asked.get(word.lower())
        return do(rest) if do and rest else slack_answers.told(HELP)

    @cached_property
    def _session(self) -> Session:
        return Session(self.desk)

    def _search(self, words: str) -> Post:
        page = self._session.find(words)
        return slack_found.hits(words, page.hits, page.notes)

    def _ask(self, question: str) -> Post:
        told = answer(self.desk, question, ANYTHING, report=silent)
        sentences = [(said.text, told.numbers(said)) for said in told.answer.sentences]
        how = (_how(told), *told.evidence.warnings, *told.answer.notes)
        return slack_found.answer(question, sentences, told.sources, how)

    def _why(self, named: str) -> Post:
        item = named_item(self.desk.store, named)
        names = {subject.slug: subject.name for subject in self.desk.settings.subjects}
        return slack_found.record(item, record_lines(record_of(self.desk, item), names))

    def _saved(self, voter: str) -> Post:
        with self.desk.store.reading() as connection:
            ids = saved_by(connection, voter)
            found = get_items(connection, ids)
        return slack_found.saved([found[item_id] for item_id in ids])


def _how(told: Told) -> str:
    if not told.answer.sentences:
        return "Not in the base." + (" The nearest are:" if told.sources else "")
    if told.model:
        return f"Written by {told.model} from these sources; every sentence was looked up in what it cites."
    return "Sentences of these sources as they stand, not put into words by a model."
