"""The exact text of a value, however the document around it is written."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lm.raw_json import member

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=3), VALUES, min_size=1, max_size=4), st.booleans(), st.none() | st.just(2))
def test_text_of_every_member_is_its_value(given_: dict[str, Any], ascii_only: bool, indent: int | None) -> None:  # noqa: FBT001
    document = json.dumps(given_, ensure_ascii=ascii_only, indent=indent)
    for name, value in given_.items():
        text = member(document, name)
        assert text is not None
        assert text in document
        assert json.loads(text) == value


@pytest.mark.parametrize(
    ("document", "path", "text"),
    [
        (' { "a" : [ 1.50 , {"b":  "x" } ] } ', ("a", 1), '{"b":  "x" }'),
        (' { "a" : [ 1.50 , {"b":  "x" } ] } ', ("a", 0), "1.50"),
        ('{"a": 1, "a": 2}', ("a",), "2"),
        ('{"a": {}, "b": []}', ("b",), "[]"),
        ("{}", ("a",), None),
        ("[]", (0,), None),
        ("[1]", ("a",), None),
        ('{"a": "]}"}', ("a",), '"]}"'),
    ],
)
def test_places(document: str, path: tuple[str | int, ...], text: str | None) -> None:
    assert member(document, *path) == text
