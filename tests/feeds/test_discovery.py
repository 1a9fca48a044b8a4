import json

import pytest

from core.errors import SourceError, Throttled
from feeds.answer import Fetch
from feeds.discovery import discover, feed_title, ranked
from feeds.known_sites import known_site
from feeds.web_page import FeedLink
from tests.feeds.desk import document
from tests.servers.web import Web

RSS = b"<rss version='2.0'><channel><title>Harbour Blog</title><item><title>Tide</title></item></channel></rss>"
ATOM = b"<feed xmlns='http://www.w3.org/2005/Atom'><title>Harbour Atom</title><id>a</id></feed>"
JSON = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Harbour JSON", "items": []}).encode()
HTML = "text/html"


def page(*links: str, base: str = "") -> bytes:
    return f"<!doctype html><html><head>{base}{''.join(links)}</head><body>Harbour</body></html>".encode()


def link(href: str, kind: str = "application/rss+xml", title: str = "") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}" title="{title}">'


def targets(web: Web) -> list[str]:
    return [asked.target for asked in web.asked]


@pytest.mark.parametrize(("body", "name"), [(RSS, "Harbour Blog"), (ATOM, "Harbour Atom"), (JSON, "Harbour JSON")])
@pytest.mark.parametrize("content_type", ["text/plain", "text/html", "application/octet-stream"])
def test_an_address_that_is_a_feed(web: Web, fetch: Fetch, body: bytes, name: str, content_type: str) -> None:
    url = web.says("/anything", body, content_type=content_type)
    found = discover(url, fetch)
    assert (found.kind, dict(found.keys), found.name) == ("rss", {"url": url}, name)
    assert len(web.asked) == 1


@pytest.mark.parametrize(
    ("kind", "body"), [("application/rss+xml", RSS), ("application/atom+xml", ATOM), ("application/feed+json", JSON)]
)
def test_the_feed_that_a_page_declares(web: Web, fetch: Fetch, kind: str, body: bytes) -> None:
    url = web.says("/blog/", page(link("latest", kind)), content_type=HTML)
    web.says("/blog/latest", body)
    assert dict(discover(url, fetch).keys) == {"url": web.url("/blog/latest")}


def test_relative_to_where_redirects_end(web: Web, fetch: Fetch) -> None:
    web.says("/old", status=302, location="/new/home/")
    web.says("/new/home/", page(link("../feed.xml")), content_type=HTML)
    web.says("/new/feed.xml", RSS)
    assert dict(discover(web.url("/old"), fetch).keys) == {"url": web.url("/new/feed.xml")}


def test_relative_to_the_base_of_the_page(web: Web, fetch: Fetch) -> None:
    url = web.says("/a/page", page(link("feed.xml"), base='<base href="/b/">'), content_type=HTML)
    web.says("/a/feed.xml", ATOM)
    web.says("/b/feed.xml", RSS)
    assert dict(discover(url, fetch).keys) == {"url": web.url("/b/feed.xml")}


def test_posts_come_before_comments_and_what_is_near_before_what_is_far(web: Web, fetch: Fetch) -> None:
    links = link("/blog/comments/feed"), link("/feed.xml", title="All"), link("/blog/feed.xml", title="Blog")
    url = web.says("/blog/", page(*links), content_type=HTML)
    for path in ("/blog/comments/feed", "/feed.xml", "/blog/feed.xml"):
        web.says(path, RSS)
    found = discover(url, fetch)
    assert dict(found.keys) == {"url": web.url("/blog/feed.xml")}
    assert [one.address for one in found.passed_over] == [web.url("/feed.xml"), web.url("/blog/comments/feed")]
    assert targets(web) == ["/blog/", "/blog/feed.xml"]


def test_a_declared_feed_that_is_none_is_passed_by(web: Web, fetch: Fetch) -> None:
    url = web.says("/", page(link("/gone.xml"), link("/page.xml"), link("/true.xml")), content_type=HTML)
    web.says("/page.xml", page(), content_type=HTML)
    web.says("/true.xml", RSS)
    assert dict(discover(url, fetch).keys) == {"url": web.url("/true.xml")}


def test_a_feed_that_a_page_links_to(web: Web, fetch: Fetch) -> None:
    body = b'<html><body><a href="/about">about</a><a href="/notes/atom.xml">RSS</a></body></html>'
    url = web.says("/notes/", body, content_type=HTML)
    web.says("/notes/atom.xml", ATOM)
    found = discover(url, fetch)
    assert dict(found.keys) == {"url": web.url("/notes/atom.xml")}
    assert "links to it" in found.how


def test_the_usual_places_below_the_page_and_then_at_the_root(web: Web, fetch: Fetch) -> None:
    url = web.says("/notes", page(), content_type=HTML)
    web.says("/rss.xml", RSS)
    assert dict(discover(url, fetch).keys) == {"url": web.url("/rss.xml")}
    assert targets(web)[1] == "/notes/feed"
    assert len(web.asked) <= 12


def test_no_feed_anywhere(web: Web, fetch: Fetch) -> None:
    url = web.says("/notes", page(), content_type=HTML)
    with pytest.raises(SourceError, match=r"no feed found behind .*/notes"):
        discover(url, fetch)
    assert len(web.asked) <= 15


def test_a_host_that_asks_for_quiet_is_asked_no_more(web: Web, fetch: Fetch) -> None:
    url = web.says("/", page(), content_type=HTML)
    web.says("/feed", status=429, retry_after="60")
    with pytest.raises(Throttled):
        discover(url, fetch)
    assert targets(web) == ["/", "/feed"]


def test_a_page_that_is_not_there(web: Web, fetch: Fetch) -> None:
    with pytest.raises(SourceError, match="404"):
        discover(web.url("/nowhere"), fetch)


def test_a_feed_that_moved_for_good_is_kept_at_its_new_address(web: Web, fetch: Fetch) -> None:
    web.says("/old.xml", status=301, location="/new.xml")
    web.says("/new.xml", RSS)
    assert dict(discover(web.url("/old.xml"), fetch).keys) == {"url": web.url("/new.xml")}


@pytest.mark.parametrize(
    ("url", "kind", "keys"),
    [
        ("https://arxiv.org/list/cs.CL", "arxiv", {"category": "cs.CL"}),
        ("https://www.arxiv.org/list/cs.CL/recent", "arxiv", {"category": "cs.CL"}),
        ("https://rss.arxiv.org/rss/hep-th", "arxiv", {"category": "hep-th"}),
        ("https://github.com/tidepool-ai/ferry", "github_releases", {"repo": "tidepool-ai/ferry"}),
        ("https://github.com/tidepool-ai/ferry.git", "github_releases", {"repo": "tidepool-ai/ferry"}),
        ("https://github.com/tidepool-ai/ferry/releases.atom", "github_releases", {"repo": "tidepool-ai/ferry"}),
        ("https://huggingface.co/lumenfield", "huggingface_models", {"orgs": ("lumenfield",)}),
        ("https://huggingface.co/papers", "huggingface_papers", {}),
        ("https://openrouter.ai/", "openrouter", {}),
        ("https://openrouter.ai/models?order=newest", "openrouter", {}),
        (
            "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv/videos",
            "rss",
            {"url": "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv"},
        ),
    ],
)
def test_known_sites(url: str, kind: str, keys: dict[str, object]) -> None:
    found = known_site(url)
    assert found
    assert (found.kind, dict(found.keys)) == (kind, keys)


@pytest.mark.parametrize(
    "url",
    [
        "https://arxiv.org/abs/2510.12345",
        "https://github.com/tidepool-ai",
        "https://github.com/topics/agents",
        "https://github.com/tidepool-ai/ferry/commits/main.atom",
        "https://huggingface.co/blog",
        "https://openrouter.ai/announcements",
        "https://www.youtube.com/@harbour",
        "https://harbour.example/list/cs.CL",
    ],
)
def test_pages_that_stand_for_no_source(url: str) -> None:
    assert known_site(url) is None


def test_a_known_site_is_not_asked(web: Web, fetch_any: Fetch) -> None:
    assert discover("https://arxiv.org/list/cs.LG/new", fetch_any).name == "arXiv cs.LG"
    assert web.asked == []


def test_a_channel_declares_its_feed(web: Web, fetch_any: Fetch) -> None:
    feed = "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv"
    web.says("//www.youtube.com/@harbour", page(link(feed)), content_type=HTML)
    web.says("//www.youtube.com/feeds/videos.xml", ATOM)
    assert dict(discover("https://www.youtube.com/@harbour", fetch_any).keys) == {"url": feed}


def test_equal_candidates_keep_the_order_of_the_page() -> None:
    links = [FeedLink("https://a.example/rss.xml"), FeedLink("https://a.example/atom.xml")]
    assert ranked(links, "https://a.example/") == tuple(links)


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (b"<rss><channel><title><![CDATA[Tide & <b>Time</b>]]></title></channel></rss>", "Tide & Time"),
        (b"<rss><channel><title>Tide &amp; Time</title></channel></rss>", "Tide & Time"),
        (b"<rss><channel><item><title>A post</title></item></channel></rss>", ""),
        ("<?xml version='1.0' encoding='iso-8859-1'?><feed><title>Marée</title></feed>".encode("iso-8859-1"), "Marée"),
    ],
)
def test_what_a_feed_calls_itself(body: bytes, title: str) -> None:
    assert feed_title(document(body)) == title
