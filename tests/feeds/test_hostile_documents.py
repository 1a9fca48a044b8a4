"""Documents that were made to harm: each ends in a named outcome, soon, in little memory, and asks nobody."""

import contextlib
import json
import re
import resource
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import Unreadable
from core.sources import Reading
from core.types import Item
from feeds.sources.rss import read
from tests.feeds.desk import FRIDAY, document
from tests.feeds.samples import spec_of
from tests.servers.web import Web

MOST_SECONDS = 10
MOST_MEMORY = 300


def told(body: bytes | str, content_type: str = "application/xml") -> Reading:
    return read(document(body, content_type=content_type), spec_of("rss"), FRIDAY)


def rss(items: str, before: str = '<?xml version="1.0"?>') -> str:
    return f'{before}<rss version="2.0"><channel><title>Lantern</title>{items}</channel></rss>'


def item(inner: str) -> str:
    return f"<item>{inner}</item>"


def only(body: bytes | str, content_type: str = "application/xml") -> Item:
    (one,) = told(body, content_type).items
    return one


OIL = "<title>Oil</title><link>https://lantern.example/oil</link>"


def doctype(declarations: str) -> str:
    return f'<?xml version="1.0"?><!DOCTYPE rss [{declarations}]>'


def laughs(separator: str) -> str:
    lines = ['<!ENTITY a0 "ha">', *(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))]
    return doctype(separator + separator.join(lines) + separator)


@pytest.mark.parametrize("separator", ["", "\n", " "])
def test_billion_laughs_are_not_laughed(separator: str) -> None:
    reading = told(rss(item(f"{OIL}<description>&a9;</description>"), laughs(separator)))
    assert [one.title for one in reading.items] == ["Oil"]
    assert len(reading.items[0].text) < 100
    assert reading.problems == ("9 entity declarations were left out",)


@pytest.mark.parametrize("separator", ["", "\n"])
def test_quadratic_growth_is_left_out(separator: str) -> None:
    declared = doctype(f'{separator}<!ENTITY a "{"ha" * 25_000}">{separator}')
    reading = told(rss(item(f"{OIL}<description>{'&a;' * 50_000}</description>"), declared))
    assert [one.title for one in reading.items] == ["Oil"]
    assert len(reading.items[0].text) < 300_000
    assert reading.problems == ("1 entity declarations were left out",)


@pytest.mark.parametrize("separator", ["", "\n"])
def test_harmless_entity_is_read(separator: str) -> None:
    declared = doctype(f'{separator}<!ENTITY nbsp "&#160;">{separator}<!ENTITY maker "Lantern Labs">{separator}')
    reading = told(rss(item("<title>By&nbsp;&maker;</title>"), declared))
    assert [one.title for one in reading.items] == ["By Lantern Labs"]
    assert reading.problems == ()


def test_netscape_doctype_is_read() -> None:
    declared = (
        '<?xml version="1.0"?>\n<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"\n'
        '"http://my.netscape.com/publish/formats/rss-0.91.dtd">\n'
    )
    reading = told(rss(item(OIL), declared))
    assert ([one.title for one in reading.items], reading.problems) == (["Oil"], ())


OUTSIDE = {
    "entity": '<!DOCTYPE rss [<!ENTITY x SYSTEM "{url}">]>',
    "public entity": '<!DOCTYPE rss [\n<!ENTITY x PUBLIC "lamp" "{url}">\n]>',
    "parameter entity": '<!DOCTYPE rss [\n<!ENTITY % p SYSTEM "{url}">\n%p;\n]>',
    "DTD": '<!DOCTYPE rss SYSTEM "{url}">',
    "DTD with subset": '<!DOCTYPE rss SYSTEM "{url}" [<!ENTITY y "z">]>',
    "two of them": '<!DOCTYPE a><!DOCTYPE rss [<!ENTITY x SYSTEM "{url}">]>',
    "XInclude": '<?xml-stylesheet href="{url}"?>',
}


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("is_file", [False, True])
def test_nothing_outside_is_asked_or_included(name: str, is_file: bool, web: Web, tmp_path: Path) -> None:  # noqa: FBT001
    secret = tmp_path / "secret"
    secret.write_text("<!ENTITY x 'wick-oil-42'>wick-oil-42")
    url = secret.as_uri() if is_file else web.says("/secret", secret.read_bytes())
    include = f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{url}" parse="text"/>'
    before = '<?xml version="1.0"?>' + OUTSIDE[name].replace("{url}", url)
    reading = told(rss(item(f"{OIL}<description>seen &x; {include}</description>"), before))
    assert [one.title for one in reading.items] == ["Oil"]
    assert "wick-oil-42" not in repr(reading)
    assert web.asked == []


MEGABYTE = 1_000_000
DEEP = 100_000


def nested(tag: str, times: int = DEEP) -> str:
    return f"<{tag}>" * times + "lamp" + f"</{tag}>" * times


def cdata(markup: str) -> str:
    return f"<description><![CDATA[{markup}]]></description>"


# Where the size of a document is the harm: what makes it, and what must be told of it.
LARGE: dict[str, tuple[Callable[[], str], str]] = {
    "100,000 items": (lambda: rss(item(OIL) * DEEP), "only the first 5,000 of 100,000 entries were read"),
    "100,000 items never closed": (lambda: rss(f"<item>{OIL}" * DEEP), "only the first 5,000 of 100,000"),
    "100,000 JSON items": (lambda: json_feed([{"id": "1", "title": "Oil"}] * DEEP), "only the first 5,000 of 100,000"),
    "50 MB title": (lambda: rss(item(f"<title>{'oil ' * 12_500_000}</title>")), "bytes; at most"),
    "15 MB title": (lambda: rss(item(f"<title>{'oil ' * 3_750_000}</title>")), "oil …"),
    "15 MB word": (lambda: rss(item(f"<title>{'o' * 15 * MEGABYTE}</title>")), "o …"),
    "15 MB text": (lambda: rss(item(f"{OIL}<description>{'oil ' * 3_750_000}</description>")), "were cut at 500,000"),
    "deep XML": (lambda: rss(item(OIL + nested("lamp"))), "more than 100,000 tags"),
    "deep XML that is read": (lambda: rss(item(OIL + nested("lamp", 20_000))), "Oil"),
    "deep XML never closed": (lambda: rss(item(OIL + "<lamp>" * DEEP)), "more than 100,000 tags"),
    "deep Atom markup": (lambda: atom(nested("div")), "more than 100,000 tags"),
    "deep Atom markup that is read": (lambda: atom(nested("div", 20_000)), "Oil"),
    "many tags an item": (lambda: rss(item(OIL + "<a/>" * 100) * 1_000), "only the first 4"),
    "quadratic encoding": (lambda: rss(item(OIL), '<?xml version="1.0" encoding="punycode"?>') + " " * MEGABYTE, "Oil"),
    "15 MB link": (
        lambda: rss(item(f"<title>Oil</title><link>https://lantern.example/{'o' * 15 * MEGABYTE}</link>")),
        "",
    ),
    "15 MB of authors": (lambda: rss(item(OIL + "<author>oil</author>" * 40_000)), "Oil"),
    "deep HTML": (lambda: rss(item(OIL + cdata(nested("div")))), "Oil"),
    "deep HTML never closed": (lambda: rss(item(OIL + cdata("<div></b>" * DEEP))), "Oil"),
    "deep HTML in tables": (lambda: rss(item(OIL + cdata("<div><table></div></table>" * DEEP))), "Oil"),
    "deep escaped HTML": (lambda: rss(item(f"{OIL}<description>{'&lt;b&gt;' * DEEP}</description>")), "Oil"),
    "500,000 links": (lambda: rss(item(OIL + cdata("<a href='/oil'>x</a>" * 500_000))), "Oil"),
    "1,000,000 tags": (lambda: rss(item(OIL + "<a/>" * MEGABYTE)), "more than 100,000 tags"),
    "10,000 namespaces": (lambda: rss(item(OIL + "".join(f'<a xmlns:n{n}="u:{n}"/>' for n in range(9_999)))), "namesp"),
    "16 MB before it": (lambda: rss(item(OIL), "<?xml version='1.0'?>" + "\n" * 16 * MEGABYTE), "Oil"),
    "16 MB of comments": (lambda: rss(item(OIL), "<!-- oil -->\n" * 1_200_000), "Oil"),
    "entities never closed": (lambda: rss(item(OIL), "<!DOCTYPE a [" + "\n<!ENTITY" * 1_500_000), "KB stand before"),
    "deep JSON": (lambda: '{"version":' + "[" * DEEP, "neither XML nor JSON"),
    "wide JSON": (lambda: '{"version":[' + "{}," * 5 * MEGABYTE, "JSON of more than"),
}


def json_feed(items: list[dict[str, str]]) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})


def atom(content: str) -> str:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Oil</title><id>1</id><content type="xhtml">'
        f"{content}</content></entry></feed>"
    )


def outcome(name: str) -> str:
    """Read a large document; return its outcome with what of it is small enough to be shown."""
    made, _ = LARGE[name]
    try:
        reading = told(made())
    except Unreadable as error:
        return f"Unreadable: {error}"
    assert len(reading.items) <= 5_000
    assert all(len(one.title) <= 300 and len(one.text) <= 500_000 for one in reading.items)
    return f"{[one.title for one in reading.items[:1]]} {reading.problems}"


def peak_megabytes() -> float:
    """Return the most memory that this process has had; Linux counts the parent's as well in ``ru_maxrss``."""
    status = Path("/proc/self/status")
    if status.is_file():
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) / 1024  # type: ignore[index]
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize("name", LARGE)
def test_large_document_costs_little(name: str) -> None:
    program = f"""
        import time
        from tests.feeds.test_hostile_documents import LARGE, outcome, peak_megabytes
        started = time.process_time()
        print(outcome({name!r}))
        print(time.process_time() - started)
        print(peak_megabytes())
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120, cwd=root)
    assert done.returncode == 0, done.stderr
    said, seconds, memory = done.stdout.splitlines()
    assert LARGE[name][1] in said
    assert float(seconds) < MOST_SECONDS
    assert float(memory) < MOST_MEMORY


ACCENTS = "Füllöl für Ärzte"
NAMED = '<?xml version="1.0" encoding="{}"?>'
MISNAMED = {
    "says UTF-8, is Latin-1": (rss(item(f"<title>{ACCENTS}</title>"), NAMED.format("utf-8")).encode("latin-1"), ""),
    "UTF-16 without mark": (rss(item(f"<title>{ACCENTS}</title>"), NAMED.format("utf-16")).encode("utf-16-le"), ""),
    "UTF-16 mark, header says UTF-8": (
        rss(item(f"<title>{ACCENTS}</title>")).encode("utf-16"),
        "text/xml; charset=utf-8",
    ),
    "UTF-8 mark, header says Latin-2": (
        rss(item(f"<title>{ACCENTS}</title>"), NAMED.format("utf-8")).encode("utf-8-sig"),
        "",
    ),
    "unknown name": (rss(item(f"<title>{ACCENTS}</title>"), NAMED.format("lantern-8")).encode(), ""),
    "no text encoding": (rss(item(f"<title>{ACCENTS}</title>"), NAMED.format("zlib")).encode(), ""),
    "undefined": (rss(item(f"<title>{ACCENTS}</title>"), NAMED.format("undefined")).encode(), ""),
}


@pytest.mark.parametrize("name", MISNAMED)
def test_misnamed_encoding_is_seen_through(name: str) -> None:
    body, content_type = MISNAMED[name]
    assert only(body, content_type or "application/xml").title == ACCENTS


@pytest.mark.parametrize(
    "character", ["\0", "\x1b", "\x0b", "\ufffe", "&#0;", "&#xD800;", "&#xDFFF;", "&#x1F;", "&#27;"]
)
def test_character_that_no_document_may_hold_costs_only_itself(character: str) -> None:
    reading = told(rss(item(f"<title>Oil{character} lamp</title>") + item("<title>Wick</title>")))
    assert [one.title.replace("\ufffd", "") for one in reading.items] == ["Oil lamp", "Wick"]


@pytest.mark.parametrize(
    "character", ["&#9;", "&#x20;", "&#32;", "&#55;", "&#x1F4A1;", "&#553;", "&#5530;", "&#xE000;"]
)
def test_reference_to_a_character_is_read(character: str) -> None:
    assert "\ufffd" not in only(rss(item(f"<title>Oil{character}lamp</title>"))).title


@pytest.mark.parametrize("end", [40, 60, 90, 120, 150, -1, -5, -20, -25])
def test_truncated_document_is_read_as_far_as_it_goes(end: int) -> None:
    whole = rss(item(OIL) + item("<title>Wick</title>"))
    titles = [one.title for one in told(whole[:end]).items]
    assert titles == ["Oil", "Wick"][: len(titles)]


@pytest.mark.parametrize("link", ["file:///etc/passwd", "javascript:alert(1)", "data:text/html,x"])
def test_dangerous_link_is_dropped_and_the_item_kept(link: str) -> None:
    markup = f"&lt;a href='{link}'&gt;x&lt;/a&gt;"
    one = only(
        rss(item(f"<title>Oil</title><link>{link}</link><guid>{link}</guid><description>{markup}</description>"))
    )
    assert (one.url, one.links) == ("https://lantern.example/feed.xml", ())


NO_FEEDS = ("<!DOCTYPE html><html><body>hi</body></html>", '{"a": 1}', "[1]", '"x"', "null", "\0", "%PDF-1.7", "<a/>")


@pytest.mark.parametrize("body", NO_FEEDS)
def test_what_is_no_feed_is_named(body: str) -> None:
    with pytest.raises(Unreadable, match="not a feed"):
        told(body, "text/html")


DATES = (
    "Fri, 31 Dec 99999 00:00:00 GMT",
    "Fri, 31 Dec 0000 00:00:00 GMT",
    "0000-00-00T00:00:00Z",
    "99999-01-01T00:00:00Z",
    "2031-03-14T06:00:00+99:99",
    "Fri, 14 Mar 2031 06:00:00 +9999999",
    "Fri, 14 Mar 2031 99:99:99 GMT",
    "9" * 5_000,
    "-" * 5_000,
    "2031" + "-03" * 2_000,
)


@pytest.mark.parametrize("date", DATES)
def test_absurd_date_costs_no_item(date: str) -> None:
    published = only(rss(item(f"{OIL}<pubDate>{date}</pubDate>"))).published
    assert published is None or datetime(1, 1, 1, tzinfo=UTC) <= published <= datetime(9999, 12, 31, tzinfo=UTC)


def test_items_without_guid_and_link_are_told_apart() -> None:
    reading = told(rss(item("<title>Oil</title>") + item("<title>Wick</title>")))
    assert len({one.id for one in reading.items}) == 2


def test_repeated_guid_with_different_links_is_two_items() -> None:
    both = [item(f"<title>{n}</title><guid>7</guid><link>https://lantern.example/{n}</link>") for n in (1, 2)]
    assert len({one.id for one in told(rss("".join(both))).items}) == 2


def test_title_of_unseen_characters_is_none() -> None:
    body = rss(item("<title>\u200b\u200d\ufeff\u2060</title><description>Oil is out.</description>"))
    assert only(body).title == "Oil is out."


def test_item_of_unseen_characters_is_named() -> None:
    reading = told(rss(item("<title>\u200b</title><description>\u202e\u2066</description>")))
    assert (reading.items, reading.problems) == ((), ("1 entries without title and text",))


def test_direction_override_is_removed() -> None:
    assert only(rss(item("<title>lamp\u202egpj.exe\u2066</title>"))).title == "lampgpj.exe"


NEVER_CLOSED = {
    "comments": "<rss><channel>" + "<!--" * 200_000,
    "comments in an instruction": "<?xml " + "<!--" * 200_000 + "?><rss/>",
    "comments in a document type": "<!DOCTYPE rss [" + "<!--" * 200_000 + "]><rss/>",
    "ttls": "<rss><channel>" + "<ttl>" * 200_000,
}


@pytest.mark.parametrize("name", NEVER_CLOSED)
def test_what_is_never_closed_is_not_searched_for_again_and_again(name: str) -> None:
    started = time.process_time()
    with contextlib.suppress(Unreadable):
        told(NEVER_CLOSED[name])
    assert time.process_time() - started < MOST_SECONDS


if __name__ == "__main__":  # shows each large document with its seconds and memory
    for each in LARGE:
        start = time.process_time()
        print(each, "|", outcome(each)[:150], "|", round(time.process_time() - start, 1))  # noqa: T201
    print(round(peak_megabytes()))  # noqa: T201
