from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.digest import Digest, DigestEntry, DigestSection
from digests.outside import plain_title, safe_link
from digests.page import CHART_WIDTH, PLOT_HEIGHT, chart, nightly, to_page
from tests.digests.hostile import EVERYTHING, SHOWN_TEXT, URL
from tests.digests.night import LEDGER, SUBJECTS, TOLD, TRENDS, digest_of, trend_of, with_text

Attributes = dict[str, str | None]
VOID = {"meta"}


class Outline(HTMLParser):
    """Every tag with its attributes, and the text by the innermost tag it stands in."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, Attributes]] = []
        self.ends: list[str] = []
        self.others: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        self.ends.append(tag)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self._open[-1] if self._open else "", data.strip()))

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)

    def all(self, tag: str) -> Iterator[Attributes]:
        return (attributes for name, attributes in self.tags if name == tag)

    @property
    def skeleton(self) -> tuple[object, ...]:
        return self.tags, self.ends, self.others


DIGEST = digest_of()
HARMLESS = Outline(to_page(with_text(DIGEST, "x"))).skeleton


def with_address(digest: Digest, url: str) -> Digest:
    def moved(entry: DigestEntry) -> DigestEntry:
        return replace(entry, url=url, told_by=tuple((source, url) for source, _ in entry.told_by))

    def moved_all(section: DigestSection) -> DigestSection:
        unjudged = tuple(replace(each, url=url) for each in section.unjudged)
        return replace(section, entries=tuple(map(moved, section.entries)), unjudged=unjudged)

    sections = tuple(map(moved_all, digest.sections))
    trends = tuple(replace(each, items=tuple(replace(item, url=url) for item in each.items)) for each in digest.trends)
    dropped = tuple(replace(each, url=url) for each in digest.dropped)
    return replace(digest, sections=sections, dropped=dropped, trends=trends)


@settings(max_examples=50, deadline=None)
@example(EVERYTHING)
@given(SHOWN_TEXT)
def test_no_tag_and_no_attribute_comes_from_outside_text(text: str) -> None:
    page = Outline(to_page(with_text(DIGEST, text)))
    assert page.skeleton == HARMLESS
    assert ("a", plain_title(text)) in page.texts


@settings(max_examples=50, deadline=None)
@given(URL)
def test_every_link_is_http_or_within_the_page(url: str) -> None:
    page = Outline(to_page(with_address(DIGEST, url)))
    outward = {link["href"] for link in page.all("a") if not str(link["href"]).startswith("#")}
    assert outward == ({safe_link(url)} if safe_link(url) else set())


def test_outward_links_tell_the_other_side_nothing() -> None:
    links = [link for link in Outline(to_page(DIGEST)).all("a") if not str(link["href"]).startswith("#")]
    assert len(links) > len(TOLD)
    assert all(link["rel"] == "noopener noreferrer" for link in links)


def test_the_page_is_self_contained_and_says_so() -> None:
    page = Outline(to_page(DIGEST))
    policy = next(meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert str(policy).startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert not {"script", "link", "img", "iframe", "form"} & {tag for tag, _ in page.tags}
    assert not any({"src", "style"} & attributes.keys() for _, attributes in page.tags)
    assert "url(" not in to_page(DIGEST)


def test_language_title_and_viewport_are_set() -> None:
    page = Outline(to_page(DIGEST))
    assert next(page.all("html")) == {"lang": "en"}
    assert ("title", "nightdesk · Friday, 14 March 2031") in page.texts
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in list(page.all("meta"))


def test_every_anchor_is_there_once_and_every_reference_meets_one() -> None:
    page = Outline(to_page(DIGEST))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    inward = [str(link["href"])[1:] for link in page.all("a") if str(link["href"]).startswith("#")]
    assert len(ids) == len(set(ids))
    assert inward
    assert set(inward) <= set(ids)


def test_a_story_is_told_in_full_once_and_referred_to_elsewhere() -> None:
    page = to_page(DIGEST)
    assert page.count("The gain comes from silent failures") == 1
    assert 'told under <a href="#story-1">Planning and tool use</a>' in page


def test_a_reference_to_a_subject_that_is_not_shown_is_no_link() -> None:
    page = to_page(replace(DIGEST, sections=DIGEST.sections[2:3]))
    assert "told under planning" in page
    assert 'href="#story-2">planning' not in page


def test_authors_after_the_third_are_et_al() -> None:
    page = to_page(DIGEST)
    assert "Ines Falkenrath, Tomo Wakabe, R. Oduya-Lind et al." in page
    assert "Strandqvist" not in page


def test_other_sources_are_named_with_their_links() -> None:
    page = Outline(to_page(DIGEST))
    assert ("span", "Also told by") in page.texts
    assert {"href": "https://papers.example/0?from=2", "rel": "noopener noreferrer"} in list(page.all("a"))


def test_everything_dropped_is_listed_with_the_reason() -> None:
    page = to_page(DIGEST)
    listed = page[page.index('<details class="dropped-items"') : page.rindex("</details>")]
    assert all(each.title in listed and each.reason in listed for each in DIGEST.dropped)


def test_the_ledger_has_a_badge_for_every_source() -> None:
    texts = Outline(to_page(DIGEST)).texts
    start = texts.index(("th", LEDGER[0].source))
    badges = [text for tag, text in texts[start:] if tag == "span"]
    assert badges == ["new", "new", "new", "unchanged", "not modified", "empty by schedule", "throttled", "failed"]


def test_the_chart_is_named_described_and_labelled() -> None:
    page = Outline(to_page(DIGEST))
    assert {"chart-title", "chart-desc"} <= {str(attributes.get("id")) for _, attributes in page.tags}
    assert any(tag == "desc" and "Speech: 0 kept, 1 dropped." in text for tag, text in page.texts)
    assert ("text", "5 kept · 2 dropped") in page.texts


def test_the_longest_bar_fills_the_chart_and_the_others_are_on_its_scale() -> None:
    bars = chart(DIGEST)
    assert [(bar.kept, bar.dropped) for bar in bars] == [(5, 2), (3, 0), (5, 0), (3, 0), (0, 1)]
    assert bars[0].kept_width + bars[0].dropped_width == pytest.approx(CHART_WIDTH, abs=0.2)
    assert bars[1].kept_width == pytest.approx(CHART_WIDTH * 3 / 7, abs=0.1)


def test_a_night_without_any_item_has_bars_of_no_length() -> None:
    assert {(bar.kept_width, bar.dropped_width) for bar in chart(digest_of(()))} == {(0.0, 0.0)}


def test_the_navigation_counts_every_subject() -> None:
    page = to_page(DIGEST)
    nav = Outline(page[page.index("<nav") : page.index("</nav>") + len("</nav>")])
    assert [text for tag, text in nav.texts if tag == "span"] == ["5", "3", "5", "3", "0", str(len(LEDGER))]
    assert [text for tag, text in nav.texts if tag == "a"][:-1] == [subject.name for subject in SUBJECTS]


def test_each_trend_has_a_plot_that_says_in_words_what_it_shows() -> None:
    page = Outline(to_page(DIGEST))
    plots = [svg for svg in page.all("svg") if svg["class"] == "nights"]
    told = "Items a night, from 6 March 2031 to 14 March 2031: 2, 3, 0, 0, 4, 1, 3, 2, 13"
    assert len(plots) == len(TRENDS)
    assert plots[0]["aria-label"] == told
    assert plots[0]["role"] == "img"
    assert ("title", told) in page.texts


def test_a_trend_links_to_items_that_carry_it_and_names_its_relatives() -> None:
    page = Outline(to_page(replace(DIGEST, sections=(), dropped=())))
    links = [link["href"] for link in page.all("a") if str(link["href"]).startswith("https")]
    assert links == [item.url for trend in TRENDS for item in trend.items]
    assert {("strong", "repeated tool call"), ("span", "retry budget"), ("span", "silent failure")} <= set(page.texts)


def test_a_night_without_trends_says_nothing_of_them() -> None:
    page = Outline(to_page(digest_of(trends=())))
    assert not [svg for svg in page.all("svg") if svg["class"] == "nights"]
    assert "On the rise" not in to_page(digest_of(trends=()))


@given(st.lists(st.integers(0, 500), min_size=1, max_size=31))
def test_the_bars_of_a_trend_stand_on_one_line_in_the_order_of_the_nights(counts: list[int]) -> None:
    bars = nightly(trend_of("moss", *counts, 1))
    lefts = [bar.left for bar in bars]
    assert lefts == sorted(set(lefts))
    assert all(bar.top + bar.height == pytest.approx(PLOT_HEIGHT) and bar.height >= 1 for bar in bars)
    highest = max(*counts, 1)
    assert bars[[*counts, 1].index(highest)].height == PLOT_HEIGHT
