"""A digest as messages for Slack: a short head, and its stories in the thread, or in the head where they are few.

A story is told once a letter. A post of its own for each lets a reaction be an answer to it; a letter of more stories
than anybody would scroll through packs them.
"""

import json
from collections.abc import Iterator, Sequence

from core.delivery import Post
from core.digest import Digest, DigestEntry, DigestSection
from digests.compose import for_subjects
from digests.highlights import IN_FULL
from digests.letter import also_under
from digests.outside import plain_title
from digests.slack_actions import Told
from digests.slack_elements import Block, context, header
from digests.slack_head import front, notices, opened, spoken_head
from digests.slack_ledger import ledger, loud_failures, notes, unjudged
from digests.slack_packing import Group, packed, to_post
from digests.slack_story import spoken, story
from digests.wording import EXPLANATION, section_count, story_count, totals

ONE_BY_ONE = 24
"""Up to so many stories have a message each."""


def to_posts(digest: Digest, name: str = "") -> tuple[Post, ...]:
    """Return the messages of a letter, the head first; ``name`` is what the letter is called."""
    digest = for_subjects(digest, {section.subject for section in digest.sections})
    end = Group(totals(digest), (*unjudged(digest), *_explanation(digest), ledger(digest)))
    head = Group(spoken_head(digest, name), tuple(opened(digest, name)))
    if story_count(digest) <= IN_FULL:
        first, *others = packed(
            [head, *_stories(digest), Group("", (*notices(digest), *notes(digest), *loud_failures(digest))), end]
        )
        return to_post(first, in_thread=False), *_replies(others)
    first, *others = packed([head, Group("", tuple(front(digest)))])
    stories = list(_stories(digest))
    *told, last = stories if len(stories) <= ONE_BY_ONE else packed(stories)
    thread = (*others, *told, *packed([last, end]))
    return to_post(first, in_thread=False), *_replies(part for group in thread for part in packed([group]))


def to_builder_json(digest: Digest) -> str:
    """Return the messages as JSON, a list; each of them may be given to Slack's Block Kit Builder."""
    messages = [{"blocks": post.blocks} for post in to_posts(digest)]
    return json.dumps(messages, ensure_ascii=False, indent=2) + "\n"


def _replies(groups: Sequence[Group] | Iterator[Group]) -> Iterator[Post]:
    return (to_post(group, in_thread=True) for group in groups)


def _stories(digest: Digest) -> Iterator[Group]:
    for section in digest.sections:
        told = [_told(digest, section, entry) for entry in section.entries if entry.home is None]
        if told and len(digest.sections) > 1:
            told[0] = Group(told[0].spoken, (*_name(section), *told[0].blocks))
        yield from told


def _told(digest: Digest, section: DigestSection, entry: DigestEntry) -> Group:
    place = Told(digest.night, section.subject, entry.story_id)
    return Group(spoken(entry), tuple(story(entry, place, also_under(digest, entry))))


def _name(section: DigestSection) -> tuple[Block, ...]:
    elsewhere = sum(entry.home is not None for entry in section.entries)
    told = f", {elsewhere} of them told under another subject" if elsewhere else ""
    return header(plain_title(section.name)), context([f"{section_count(section)}{told}"])


def _explanation(digest: Digest) -> tuple[Block, ...]:
    return (context([EXPLANATION]),) if story_count(digest) else ()
