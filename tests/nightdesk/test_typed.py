"""What is typed into the list, as a question and filters."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.filters import ANYTHING, Filter
from nightdesk.search_list.typed import Typed, as_typed, read_typed

SUBJECTS = ("agents", "safety")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        pytest.param("", Typed(""), id="nothing"),
        pytest.param('owls -mice "barn owls"', Typed('owls -mice "barn owls"'), id="words"),
        pytest.param("kind:paper owls", Typed("owls", Filter(kind="paper")), id="filter_first"),
        pytest.param("owls since:2026-06-01", Typed("owls", Filter(since=date(2026, 6, 1))), id="filter_last"),
        pytest.param('author:"Ada Moth" owls', Typed("owls", Filter(author="Ada Moth")), id="quoted_value"),
        pytest.param('author:"Ada Mo', Typed("", Filter(author="Ada Mo")), id="quotation_not_closed_yet"),
        pytest.param('"kind:paper" owls', Typed('"kind:paper" owls'), id="within_a_phrase"),
        pytest.param("mankind:paper", Typed("mankind:paper"), id="within_a_word"),
        pytest.param("subject:agents subject:safety", Typed("", Filter(subject="safety")), id="twice"),
        pytest.param("note: this", Typed("note: this"), id="other_colon"),
        pytest.param("kind:pap owls", Typed("owls", ANYTHING, ("kind: paper, post, release",)), id="no_such_kind"),
        pytest.param("subject:owls", Typed("", ANYTHING, ("subject: agents, safety",)), id="no_such_subject"),
        pytest.param("since:2026-13-01", Typed("", ANYTHING, ("since: a day such as 2026-06-01",)), id="no_day"),
        pytest.param("source:", Typed("", ANYTHING, ("source: which?",)), id="empty"),
    ],
)
def test_typed_is_read(typed: str, read: Typed) -> None:
    assert read_typed(typed, SUBJECTS) == read


_NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1) | st.just("Ada Moth")
FILTERS = st.builds(
    Filter,
    subject=st.none() | st.sampled_from(SUBJECTS),
    kind=st.none() | st.sampled_from(["paper", "post", "release"]),
    since=st.none() | st.dates(),
    until=st.none() | st.dates(),
    source=st.none() | _NAMES,
    author=st.none() | _NAMES,
    decision=st.none() | st.sampled_from(["kept", "dropped"]),
)


@given(FILTERS)
def test_options_of_the_command_read_back_as_they_were(wanted: Filter) -> None:
    assert read_typed(f"{as_typed(wanted)}owls", SUBJECTS) == Typed("owls", wanted)


@given(st.text())
def test_nothing_that_can_be_typed_is_an_error(typed: str) -> None:
    read_typed(typed, SUBJECTS)
