import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Unreadable
from feeds.opml import Subscription, read_opml, write_opml
from feeds.text import collapse

TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)
SLUGS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,10}", fullmatch=True)
SUBSCRIPTIONS = st.builds(
    Subscription,
    title=TEXTS,
    address=st.from_regex(r"https?://[a-z]{1,8}\.example/[a-z&=?'\"%é]{0,12}", fullmatch=True),
    labels=st.lists(SLUGS, max_size=3, unique=True).map(tuple),
)


def opml(body: str, head: str = '<opml version="2.0">') -> bytes:
    return f"<?xml version='1.0'?>{head}<head><title>Mine</title></head><body>{body}</body></opml>".encode()


def test_folders_become_labels() -> None:
    nested = """
      <outline text="Research"><outline title="Agents">
        <outline text="short" title="Harbour Lab" type="rss" xmlUrl="https://harbour.example/feed.xml"
                 htmlUrl="https://harbour.example" category="/agents/planning,reasoning"/>
      </outline></outline>
      <outline text="Lone" xmlUrl="https://lone.example/rss"/>"""
    assert read_opml(opml(nested)) == (
        Subscription(
            "Harbour Lab", "https://harbour.example/feed.xml", ("Research", "Agents", "agents", "planning", "reasoning")
        ),
        Subscription("Lone", "https://lone.example/rss"),
    )


@pytest.mark.parametrize("name", ["xmlUrl", "xmlurl", "XMLURL"])
def test_attributes_in_any_case(name: str) -> None:
    read = read_opml(opml(f'<outline Text="A" {name}="https://a.example/"/>', '<opml version="1.0">'))
    assert read == (Subscription("A", "https://a.example/"),)


@pytest.mark.parametrize("address", ["feed.xml", "javascript:alert(1)", "ftp://a.example/feed", "file:///etc/passwd"])
def test_what_is_not_on_the_web_has_no_address(address: str) -> None:
    assert read_opml(opml(f'<outline text="A" xmlUrl="{address}"/>')) == (Subscription("A", ""),)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no element found"),
        (b"plainly no XML", "syntax error"),
        (opml("<outline text='A'>"), "mismatched tag"),
        (b"<rss><channel/></rss>", "not OPML: its first element is <rss>"),
        (b"<opml>&undefined;</opml>", "undefined entity"),
        (b"\xff\xfe<\x00o", "not OPML"),
        (b"<?xml version='1.0' encoding='no-such'?><opml/>", "encoding"),
    ],
)
def test_a_broken_list_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(Unreadable, match=told):
        read_opml(content)


def test_entities_are_refused_at_once() -> None:
    names = [f"l{n}" for n in range(40)]
    declared = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in itertools.pairwise(names))
    laughs = f'<!DOCTYPE opml [<!ENTITY l0 "ha">{declared}]>'
    began = time.monotonic()
    with pytest.raises(Unreadable, match="document type"):
        read_opml(f'<?xml version="1.0"?>{laughs}<opml><body><outline text="&l39;"/></body></opml>'.encode())
    assert time.monotonic() - began < 1


def test_an_external_entity_is_never_fetched() -> None:
    with pytest.raises(Unreadable, match="document type"):
        read_opml(b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body>&x;</body></opml>')


def test_a_deep_list_is_read() -> None:
    depth = 20_000
    deep = "<outline>" * depth + '<outline xmlUrl="https://deep.example/"/>' + "</outline>" * depth
    assert read_opml(opml(deep)) == (Subscription("", "https://deep.example/"),)


@given(st.lists(SUBSCRIPTIONS, max_size=5))
def test_what_is_written_is_read_again(listed: list[Subscription]) -> None:
    read = read_opml(write_opml("nightdesk", listed).encode())
    assert [(one.title, one.address, one.labels) for one in read] == [
        (collapse(one.title.replace("\ufffe", "").replace("\uffff", "")), one.address, one.labels) for one in listed
    ]
