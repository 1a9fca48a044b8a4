"""A letter as HTML for mail programs and feed readers: styles stand in the elements, nothing is asked from outside."""

from core.digest import Digest
from digests.highlights import IN_FULL, first_sentence, things_to_know
from digests.ledger_lines import by_outcome, failures
from digests.letter import also_under, counts
from digests.outside import plain
from digests.templates import environment
from digests.wording import story_count


def to_fragment(digest: Digest) -> str:
    """Return the letter as one element that stands in a page or an entry."""
    told = [(section, [entry for entry in section.entries if entry.home is None]) for section in digest.sections]
    return (
        environment()
        .get_template("letter.html.j2")
        .render(
            digest=digest,
            counts=counts(digest),
            things=things_to_know(digest) if story_count(digest) > IN_FULL else (),
            told=[(section, entries) for section, entries in told if entries or section.unjudged],
            failures=failures(digest),
            ledger=by_outcome(digest.ledger),
            sentence=lambda summary: first_sentence(plain(summary)),
            also=lambda entry: also_under(digest, entry),
        )
    )
