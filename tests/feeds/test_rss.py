"""Blogs: what a post is, and by what it is known again."""

from datetime import timedelta

from core.sources import Cadence, Reading
from core.types import Item
from feeds.sources.rss import read
from tests.feeds.desk import FRIDAY, document
from tests.feeds.samples import spec_of

FEED = "https://lantern.example/feed.xml"


def told(*entries: str) -> Reading:
    items = "".join(f"<item>{entry}</item>" for entry in entries)
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'
    return read(document(body, FEED), spec_of("rss"), FRIDAY)


def only(entry: str) -> Item:
    (item,) = told(entry).items
    return item


def ids(*entries: str) -> list[str]:
    return [item.id for item in told(*entries).items]


def test_post_is_known_by_its_normalised_link() -> None:
    assert ids("<title>Oil</title><link>http://www.lantern.example/oil/?utm_source=x</link>") == [
        "https://lantern.example/oil"
    ]


def test_edited_title_is_no_new_post() -> None:
    link = "<link>https://lantern.example/oil</link><guid>17</guid>"
    assert ids(f"<title>Oil</title>{link}") == ids(f"<title>Oil, again</title>{link}")


def test_post_that_links_to_a_paper_is_that_paper() -> None:
    paper = only("<title>Lanterns</title><link>https://arxiv.org/abs/3103.00017v2</link>")
    assert (paper.id, paper.kind) == ("arxiv:3103.00017", "paper")


def test_post_without_link_is_known_by_its_guid() -> None:
    one, other = (
        "<title>Oil</title><guid isPermaLink='false'>17</guid>",
        "<title>Oil</title><guid isPermaLink='false'>18</guid>",
    )
    assert ids(one, other) == [*ids(one), *ids(other)]
    assert len(set(ids(one, other))) == 2
    assert only(one).url == FEED


def test_post_without_link_and_guid_is_known_by_its_words() -> None:
    assert ids("<title>Oil</title>") == ids("<title>Oil</title>") != ids("<title>Wick</title>")


def test_posts_under_one_link_are_told_apart_by_guid() -> None:
    entries = [f"<title>v{n}</title><link>https://lantern.example/changes</link><guid>{n}</guid>" for n in (1, 2)]
    first, second = ids(*entries)
    assert first != second
    assert all(one.startswith("https://lantern.example/changes#") for one in (first, second))


def test_entry_told_twice_has_one_id() -> None:
    entry = "<title>Oil</title><link>https://lantern.example/oil</link><guid>17</guid>"
    assert len(set(ids(entry, entry))) == 1


def test_entry_without_title_and_text_is_a_problem() -> None:
    reading = told("<link>https://lantern.example/a</link>", "<title>Oil</title><link>https://lantern.example/b</link>")
    assert [item.title for item in reading.items] == ["Oil"]
    assert reading.problems == ("1 entries without title and text",)


def test_post_without_title_is_called_by_its_first_words() -> None:
    assert (
        only("<description>&lt;p&gt;A short one.&lt;/p&gt;&lt;p&gt;More.&lt;/p&gt;</description>").title
        == "A short one."
    )
    long = only(f"<description>{'lantern ' * 40}</description>").title
    assert long.endswith("lantern …")
    assert len(long) <= 102


def test_text_that_repeats_the_title_is_left_out() -> None:
    assert only("<title>Oil</title><description>Oil</description>").text == ""


def test_cadence_and_problems_of_the_feed_are_told() -> None:
    items = "<item><title>Oil</title></item>" * 5_001
    body = f'<rss version="2.0"><channel><ttl>90</ttl>{items}</channel></rss>'
    reading = read(document(body, FEED), spec_of("rss"), FRIDAY)
    assert reading.cadence == Cadence(timedelta(minutes=90))
    assert reading.problems == ("only the first 5,000 of 5,001 entries were read",)
