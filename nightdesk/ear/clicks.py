"""What a press of a button or a reaction does: it is stored, shown on its message, or answered to who pressed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.delivery import Post, Receipt
from core.digest import DigestEntry
from core.errors import NightdeskError
from core.ports import Progress
from core.types import Opinion
from digests import slack_answers
from digests.outside import plain_title
from digests.slack_actions import Answer, Told
from digests.slack_events import Pressed, Reacted
from digests.slack_reply import Reply, reply
from digests.slack_subject_menu import Chosen, asked, chosen
from kb.clicks import KINDS, OPINIONS, About, Click, keep_click, take_back
from kb.items import sightings_of
from kb.store import Store
from nightdesk.ear.state import Shown
from nightdesk.ear.told import Meant, entry_of, pressed, reacted, told_at
from nightdesk.ear.voters import Voters

GONE = "This story can no longer be answered to: its item or its digest is gone."
NOT_COUNTED = "Only the people in nightdesk's configuration answer here; nothing was stored."
TRY_AGAIN = "This could not be stored. Please press again in a minute."
SAVED = "Saved; /nightdesk saved lists it."
TAKEN_BACK = "Taken back: what you said of this story, your saving it, and less of its source."
NOTED = "Noted: it is not of this subject."
MOVED = "Moved: for you it is of {subject}."
LESS = "Noted: from the next night on, {source} counts for less under this subject."
_THUMBS: Mapping[str, Opinion] = {"+1": "useful", "thumbsup": "useful", "-1": "not_useful", "thumbsdown": "not_useful"}
_SHOWN: Mapping[Answer, Callable[[DigestEntry], Post]] = {
    "evidence": slack_answers.evidence,
    "why": slack_answers.why,
}
_OPINIONS: Mapping[Answer, Opinion] = {opinion: opinion for opinion in OPINIONS}


@dataclass(frozen=True, slots=True)
class Clicks:
    """Works clicks one after the other; ``tell`` gets a line where an answer is lost.

    ``subjects`` are the names of the configured subjects by slug.
    """

    store: Store
    subjects: Mapping[str, str]
    voters: Voters
    shown: Shown
    tell: Progress

    def hear(self, event: Pressed | Reacted) -> None:
        """Do what a click asks for. Never raises because of Slack or the store."""
        try:
            if isinstance(event, Pressed):
                self._press(event)
            else:
                self._react(event)
        except NightdeskError as error:
            self.tell(f"a click in Slack was not stored or not answered: {error}")

    def _press(self, event: Pressed) -> None:
        if moved := chosen(event.action):
            self._answer(event, lambda voter: self._move(event, moved, voter), replaces=True)
            return
        meant = pressed(self.store, event)
        if meant is None:
            _say(event, GONE)
        elif meant.answer in _SHOWN:
            self._show(event, meant)
        else:
            self._answer(event, lambda voter: self._kept(event, meant, voter))

    def _show(self, event: Pressed, meant: Meant) -> None:
        entry = entry_of(self.store, meant.told)
        if entry is None:
            _say(event, GONE)
        else:
            reply(event.answer_to, Reply(_SHOWN[meant.answer](entry), event.thread))

    def _answer(self, event: Pressed, store: Callable[[str], Post | None], *, replaces: bool = False) -> None:
        """Store what a voter says, and answer what that returns, or nothing where the message itself shows it."""
        try:
            voter = self.voters.named(event.user)
            post = slack_answers.told(NOT_COUNTED) if voter is None else store(voter)
        except NightdeskError:
            _say(event, TRY_AGAIN)
            raise
        if post:
            reply(event.answer_to, Reply(post, event.thread, replaces))

    def _kept(self, event: Pressed, meant: Meant, voter: str) -> Post | None:
        about, message = _about(voter, meant.told), Receipt(event.channel, event.ts)
        opinion = _OPINIONS.get(meant.answer)
        if opinion is None:
            return slack_answers.told(self._kept_aside(event, meant.answer, about))
        self._keep(message, Click(about, opinion, event.at))
        if opinion != "wrong_subject":
            return None
        return asked(meant.told, message, self.subjects.items()) or slack_answers.told(NOTED)

    def _move(self, event: Pressed, moved: Chosen, voter: str) -> Post:
        """Store that a story is not of the subject it was told under, and useful under the one that was chosen."""
        told = told_at(self.store, moved.message, moved.row)
        if told is None or moved.subject not in self.subjects or moved.subject == told.subject:
            return slack_answers.told(GONE)
        there = About(voter, told.story_id, moved.subject)
        self._keep(moved.message, Click(_about(voter, told), "wrong_subject", event.at))
        self._keep(None, Click(there, "useful", event.at))
        return slack_answers.told(MOVED.format(subject=plain_title(self.subjects[moved.subject])))

    def _kept_aside(self, event: Pressed, answer: Answer, about: About) -> str:
        """Store what is no vote; return what to answer."""
        if answer == "take_back":
            return self._take_back(event, about)
        if answer == "save":
            self._keep(None, Click(about, "save", event.at))
            return SAVED
        return self._want_less(about, event.at)

    def _take_back(self, event: Pressed, about: About) -> str:
        with self.store.writing() as connection:
            changed = take_back(connection, about, event.at, KINDS)
        if changed:
            self.shown.mark(Receipt(event.channel, event.ts))
        return TAKEN_BACK

    def _want_less(self, about: About, at: int) -> str:
        with self.store.reading() as connection:
            told = sightings_of(connection, [about.item_id]).get(about.item_id, ())
        if not told:
            return GONE
        self._keep(None, Click(about, "less_of_source", at, said=told[0].source))
        return LESS.format(source=plain_title(told[0].source))

    def _react(self, event: Reacted) -> None:
        opinion = _THUMBS.get(event.reaction.partition("::")[0])
        told = reacted(self.store, event) if opinion else None
        voter = self.voters.named(event.user) if told else None
        if opinion and told and voter:
            self._keep(Receipt(event.channel, event.ts), Click(_about(voter, told), opinion, event.at, event.is_added))

    def _keep(self, receipt: Receipt | None, click: Click) -> None:
        with self.store.writing() as connection:
            changed = keep_click(connection, click)
        if changed and receipt:
            self.shown.mark(receipt)


def _about(voter: str, told: Told) -> About:
    return About(voter, told.story_id, told.subject)


def _say(event: Pressed, line: str) -> None:
    reply(event.answer_to, Reply(slack_answers.told(line), event.thread))
