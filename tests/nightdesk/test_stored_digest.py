"""A digest comes back from the store as it was told, and one of an earlier form still does."""

import json

import pytest

from nightdesk import stored_digest
from tests.digests.night import digest_of

LATER = ("points", "mark", "analysis")


def test_digest_comes_back_with_its_evidence() -> None:
    digest = digest_of()
    assert digest.sections[0].entries[0].analysis is not None
    assert stored_digest.load(json.loads(json.dumps(stored_digest.dump(digest)))) == digest


@pytest.mark.parametrize("field", LATER)
def test_digest_that_was_stored_without_a_field_is_read(field: str) -> None:
    content = json.loads(json.dumps(stored_digest.dump(digest_of())))
    for section in content["sections"]:
        for entry in section["entries"]:
            del entry[field]
    entry = stored_digest.load(content).sections[0].entries[0]
    assert not getattr(entry, field)
    assert entry.title == digest_of().sections[0].entries[0].title


def test_digest_that_was_stored_without_notes_and_unjudged_items_is_read() -> None:
    content = json.loads(json.dumps(stored_digest.dump(digest_of())))
    del content["notes"]
    for section in content["sections"]:
        del section["unjudged"]
    digest = stored_digest.load(content)
    assert (digest.notes, digest.sections[2].unjudged, digest.ledger) == ((), (), digest_of().ledger)
