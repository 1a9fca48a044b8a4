import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Unreadable
from core.sources import Cadence
from feeds.feed_document import Entry, iso_time, read_feed
from tests.feeds.desk import document

MOMENT = datetime(2031, 3, 14, 5, 30, tzinfo=UTC)
TOLD = Entry(
    guid="https://lantern.example/oil",
    link="https://lantern.example/oil",
    title="Oil & wicks",
    text="One line.\nAnother.",
    authors=("Mirela Quandt",),
    published=MOMENT,
    categories=("lamps",),
    links=("arxiv:2510.12345",),
    announce_type="new",
)
MARKUP = '<p>One line.</p><p><a href="https://arxiv.org/abs/2510.12345v1">Another</a>.</p><script>x()</script>'
ESCAPED = MARKUP.replace("&", "&amp;").replace("<", "&lt;")
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'

RSS_2 = f"""<?xml version="1.0"?><rss version="2.0" {DC}><channel><title>Lantern</title><item>
<title>Oil &amp;amp; wicks</title><link>https://lantern.example/oil</link><guid>https://lantern.example/oil</guid>
<description>{ESCAPED}</description><dc:creator>Mirela Quandt</dc:creator><category>lamps</category>
<pubDate>Fri, 14 Mar 2031 06:30:00 +0100</pubDate></item></channel></rss>"""
RSS_1 = f"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" {DC}><channel rdf:about="https://lantern.example/"><title>Lantern</title></channel>
<item rdf:about="https://lantern.example/oil"><title>Oil &amp; wicks</title><link>https://lantern.example/oil</link>
<description>{ESCAPED}</description><dc:creator>Mirela Quandt</dc:creator><dc:subject>lamps</dc:subject>
<dc:date>2031-03-14T05:30:00Z</dc:date></item></rdf:RDF>"""
ATOM = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Lantern</title><entry>
<title type="html">Oil &amp;amp; wicks</title><link href="https://lantern.example/oil"/>
<id>https://lantern.example/oil</id><published>2031-03-14T06:30:00+01:00</published>
<updated>2031-03-15T00:00:00Z</updated><author><name>Mirela Quandt</name></author><category term="lamps"/>
<summary>Short.</summary><content type="html">{ESCAPED}</content></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Lantern",
        "items": [
            {
                "id": "https://lantern.example/oil",
                "url": "https://lantern.example/oil",
                "title": "Oil & wicks",
                "content_html": MARKUP,
                "authors": [{"name": "Mirela Quandt"}],
                "tags": ["lamps"],
                "date_published": "2031-03-14T06:30:00+01:00",
            }
        ],
    }
)
FORMS = {"RSS 2.0": RSS_2, "RSS 1.0": RSS_1, "Atom": ATOM, "JSON Feed 1.1": JSON_FEED}


@pytest.mark.parametrize("form", FORMS)
def test_entry_is_the_same_in_every_form(form: str) -> None:
    assert read_feed(document(FORMS[form])).entries == (TOLD,)


def test_rss_091() -> None:
    body = """<?xml version="1.0"?><rss version="0.91"><channel><title>Lantern</title><item><title>Oil</title>
    <link>https://lantern.example/oil</link><description>One line.</description></item></channel></rss>"""
    bare = Entry("", "https://lantern.example/oil", "Oil", "One line.", (), None, (), (), "new")
    assert [replace(entry, guid="") for entry in read_feed(document(body)).entries] == [bare]


def rss(item: str, declaration: str = '<?xml version="1.0"?>') -> str:
    return f'{declaration}<rss version="2.0"><channel><item>{item}</item></channel></rss>'


ACCENTS = "Füllöl für Ärzte"
ENCODED = {
    "UTF-8": (rss(f"<title>{ACCENTS}</title>").encode(), ""),
    "UTF-8 with mark": (rss(f"<title>{ACCENTS}</title>").encode("utf-8-sig"), ""),
    "UTF-16": (rss(f"<title>{ACCENTS}</title>", '<?xml version="1.0" encoding="utf-16"?>').encode("utf-16"), ""),
    "declared Latin-1": (
        rss(f"<title>{ACCENTS}</title>", '<?xml version="1.0" encoding="iso-8859-1"?>').encode("latin-1"),
        "",
    ),
    "Latin-1 by header": (rss(f"<title>{ACCENTS}</title>").encode("latin-1"), "application/xml; charset=iso-8859-1"),
    "unknown by header": (rss(f"<title>{ACCENTS}</title>").encode(), "application/xml; charset=lantern-8"),
    "served as a page": (rss(f"<title>{ACCENTS}</title>").encode(), "text/html; charset=utf-8"),
    "JSON with mark": (JSON_FEED.replace("Oil & wicks", ACCENTS).encode("utf-8-sig"), "application/feed+json"),
}


@pytest.mark.parametrize("name", ENCODED)
def test_encoding_is_understood(name: str) -> None:
    body, content_type = ENCODED[name]
    assert [entry.title for entry in read_feed(document(body, content_type=content_type)).entries] == [ACCENTS]


NO_FEEDS = {
    "empty": ("", "", "empty"),
    "blank": (" \n\t", "", "empty"),
    "page": ("<!DOCTYPE html><html><body>hi</body></html>", "text/html; charset=x", r"an HTML page \(text/html\)"),
    "page in capitals": ("\n<HTML><body>hi</body></HTML>", "", r"an HTML page \(of no declared type\)"),
    "text": ("no such lamp", "text/plain", "not a feed: the answer is text/plain"),
    "other JSON": ('{"lamps": []}', "", "JSON, but not a JSON Feed"),
    "feed without items": ('{"version": "https://jsonfeed.org/version/1.1"}', "", "JSON, but not a JSON Feed"),
    "broken JSON": ('{"version": ', "", "neither XML nor JSON"),
    "deep JSON": ('{"a":' * 100_000, "", "neither XML nor JSON"),
}


@pytest.mark.parametrize("name", NO_FEEDS)
def test_what_is_no_feed_is_unreadable(name: str) -> None:
    body, content_type, why = NO_FEEDS[name]
    with pytest.raises(Unreadable, match=why):
        read_feed(document(body, content_type=content_type))


@pytest.mark.parametrize(
    "body", [rss("").replace("<item></item>", ""), '{"version": "https://jsonfeed.org/version/1", "items": []}']
)
def test_feed_without_entries_is_a_feed(body: str) -> None:
    assert read_feed(document(body)).entries == ()


def only(body: str) -> Entry:
    (entry,) = read_feed(document(body, "https://lantern.example/blog/feed.xml")).entries
    return entry


def test_relative_link_is_made_absolute() -> None:
    assert only(rss("<title>Oil</title><link>../oil</link>")).link == "https://lantern.example/oil"


def test_relative_link_in_the_text_is_made_absolute() -> None:
    entry = only(rss('<link>/oil/page</link><description>&lt;a href="wick"&gt;w&lt;/a&gt;</description>'))
    assert entry.links == ("https://lantern.example/oil/wick",)


@pytest.mark.parametrize("link", ["", "<link/>", "<link>javascript:x()</link>", "<link>file:///etc/passwd</link>"])
def test_entry_without_a_web_address_has_no_link(link: str) -> None:
    assert only(rss(f"<title>Oil</title>{link}")).link == ""


def test_script_and_style_are_removed() -> None:
    hidden = "&lt;script&gt;x()&lt;/script&gt;&lt;style&gt;y&lt;/style&gt;"
    entry = only(rss(f"<title>{hidden}Oil &lt;b&gt;now&lt;/b&gt;</title><description>{hidden}Text</description>"))
    assert (entry.title, entry.text) == ("Oil now", "Text")


def test_entry_broken_inside_its_text_is_read() -> None:
    place = ATOM.index("One line")
    assert only(f"{ATOM[:place]}\0{ATOM[place:]}").title == "Oil & wicks"


def test_longest_text_is_taken() -> None:
    assert only(ATOM.replace("Short.", "A summary that is longer than the content. " * 10)).text.startswith("A summary")


@pytest.mark.parametrize("form", ["RSS 2.0", "Atom", "JSON Feed 1.1"])
def test_names_and_categories_are_plain(form: str) -> None:
    body = (
        FORMS[form].replace("Mirela Quandt", "&lt;i&gt;Mirela&lt;/i&gt; \u202eQuandt").replace("lamps", "la\u2066mps")
    )
    entry = only(body.replace("&lt;i&gt;Mirela&lt;/i&gt;", "<i>Mirela</i>") if body.startswith("{") else body)
    assert (entry.authors, entry.categories) == (("Mirela Quandt",), ("lamps",))


@pytest.mark.parametrize("date", ["", "soon", "Fri, 99 Foo 2031 77:00:00", "0000-00-00"])
def test_bad_date_is_unknown(date: str) -> None:
    assert only(rss(f"<title>Oil</title><pubDate>{date}</pubDate>")).published is None
    assert only(JSON_FEED.replace("2031-03-14T06:30:00+01:00", date)).published is None


def test_updated_stands_in_for_published() -> None:
    assert only(ATOM.replace("published>", "issued-not>")).published == datetime(2031, 3, 15, tzinfo=UTC)


TIMES = {
    "2031-03-14T05:30:00Z": MOMENT,
    "2031-03-14T05:30:00": MOMENT,
    "2031-03-14T06:30:00+01:00": MOMENT,
    "2031-03-14": datetime(2031, 3, 14, tzinfo=UTC),
    "0001-01-01T00:00:00+14:00": None,
    "9999-12-31T23:59:59-14:00": None,
    "soon": None,
    "": None,
}


@pytest.mark.parametrize("text", TIMES)
def test_iso_time(text: str) -> None:
    assert iso_time(text) == TIMES[text]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
FIELDS = (
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "author",
    "authors",
    "tags",
    "date_published",
)


@settings(max_examples=40)
@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), ANY_JSON) | ANY_JSON, max_size=3))
def test_json_feed_of_any_shape_is_read(items: list[object]) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": items}
    for entry in read_feed(document(json.dumps(feed))).entries:
        assert entry.link.startswith(("http://", "https://")) or not entry.link
        words = (entry.title, entry.text, entry.guid, *entry.authors, *entry.categories)
        assert all(word.encode("utf-8").decode() == word for word in words)


@given(st.integers(0, len(RSS_2)) | st.integers(-40, -1))
def test_truncated_feed_is_read_or_unreadable(end: int) -> None:
    for body in (RSS_2, ATOM, RSS_1):
        try:
            assert len(read_feed(document(body[:end])).entries) <= 1
        except Unreadable:
            continue


SY = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
CADENCES = {
    "<ttl>90</ttl>": Cadence(timedelta(minutes=90)),
    "<TTL> 90 </TTL>": Cadence(timedelta(minutes=90)),
    "<ttl>soon</ttl><ttl/>": Cadence(),
    "<ttl>-5</ttl>": Cadence(),
    f"<ttl>{'9' * 400}</ttl>": Cadence(),
    "<!-- <ttl>90</ttl> -->": Cadence(),
    "<item><title>Oil</title><ttl>90</ttl></item>": Cadence(),
    f"<sy:updatePeriod {SY}>daily</sy:updatePeriod>": Cadence(timedelta(days=1)),
    "<sy:updatePeriod>\nHourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>": Cadence(
        timedelta(minutes=30)
    ),
    "<sy:updatePeriod>weekly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>": Cadence(timedelta(days=7)),
    "<sy:updatePeriod>sometimes</sy:updatePeriod>": Cadence(),
    "<ttl>60</ttl><sy:updatePeriod>daily</sy:updatePeriod>": Cadence(timedelta(hours=1)),
    "<skipHours><hour>0</hour><hour> 7</hour><hour>24</hour><hour>25</hour><hour>x</hour></skipHours>": Cadence(
        skip_hours=frozenset({0, 7})
    ),
    "<skipDays><day>SATURDAY</day><day>sunday </day><day>Someday</day></skipDays>": Cadence(
        skip_days=frozenset({5, 6})
    ),
    "<item><title>Oil</title></item><skipDays><day>Monday</day></skipDays>": Cadence(skip_days=frozenset({0})),
}


@pytest.mark.parametrize("channel", CADENCES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_cadence_is_what_the_channel_says(channel: str, encoding: str) -> None:
    body = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0" {SY}><channel>{channel}</channel></rss>'
    assert read_feed(document(body.encode(encoding))).cadence == CADENCES[channel]


def test_entries_beyond_the_cap_are_named() -> None:
    body = rss("").replace("<item></item>", "".join(f"<item><title>{n}</title></item>" for n in range(5_001)))
    feed = read_feed(document(body.replace("</channel>", "<ttl>5</ttl></channel>")))
    assert [feed.entries[0].title, feed.entries[-1].title, len(feed.entries)] == ["0", "4999", 5_000]
    assert feed.problems == ("only the first 5,000 of 5,001 entries were read",)
    assert feed.cadence.ttl == timedelta(minutes=5)


def test_long_title_and_text_are_cut() -> None:
    feed = read_feed(document(rss(f"<title>{'oil ' * 90}</title><description>{'wick ' * 100_001}</description>")))
    (entry,) = feed.entries
    assert (entry.title[-6:], len(entry.title) <= 300) == (" oil …", True)
    assert (entry.text[-7:], len(entry.text) <= 500_000) == (" wick …", True)
    assert feed.problems == ("the texts of 1 entries were cut at 500,000 characters",)
