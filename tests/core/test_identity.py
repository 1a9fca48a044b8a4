from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identity import arxiv_id, arxiv_version, content_hash, github_release_id, id_of_url, normalise_url
from core.types import Item

HOSTS = st.from_regex(r"[a-z]{1,6}(\.[a-z]{2,5}){1,2}", fullmatch=True).filter(lambda host: not host.startswith("www."))
PATHS = st.lists(st.from_regex(r"[A-Za-z0-9._~%-]{1,6}", fullmatch=True), max_size=3).map(
    lambda p: "".join(map("/{}".format, p))
)
QUERIES = st.lists(st.tuples(st.text("abc", min_size=1, max_size=3), st.text("xyz9 é/", max_size=4)), max_size=3)
TRACKING = st.sampled_from(
    ("utm_source=x", "utm_campaign=a%20b", "fbclid=1", "gclid=2", "mc_cid=3", "mc_eid=4", "ref_src=t")
)


@st.composite
def addresses(draw: st.DrawFn) -> tuple[str, str, str]:
    """A host, a path and a query, the parts of an address that mean something."""
    return draw(HOSTS), draw(PATHS), "&".join(f"{key}={value}" for key, value in draw(QUERIES))


@given(
    st.text()
    | addresses().map(lambda parts: "http://{}{}?{}".format(*parts))
    | st.text(":/?#[]@&=%w. a").map("http://{}".format)
)
def test_normalise_url_is_idempotent(url: str) -> None:
    try:
        once = normalise_url(url)
    except ValueError:
        return  # the standard library refuses broken hosts; feeds.text.web_address lets none through
    if " " not in url:
        assert normalise_url(once) == once


@given(
    addresses(),
    st.sampled_from(("http", "https", "HTTPS")),
    st.sets(st.sampled_from(("www.", ":port", "/"))),
    st.lists(TRACKING),
)
def test_what_does_not_change_the_page_does_not_change_the_id(
    parts: tuple[str, str, str], scheme: str, added: set[str], tracking: list[str]
) -> None:
    host, path, query = parts
    port = (":443" if scheme.lower() == "https" else ":80") if ":port" in added else ""
    told = f"{'www.' if 'www.' in added else ''}{host.upper()}{port}{path}{'/' if '/' in added else ''}"
    queries = "&".join([*tracking, query]) if query else "&".join(tracking)
    assert id_of_url(f"{scheme}://{told}?{queries}") == id_of_url(f"https://{host}{path}?{query}")


DIFFERENT = (
    ("https://lantern.example/a", "https://lantern.example/b"),
    ("https://lantern.example/a?page=1", "https://lantern.example/a?page=2"),
    ("https://lantern.example/a#v1", "https://lantern.example/a#v2"),
    ("https://lantern.example/a", "https://lantern.example/A"),
    ("https://lantern.example:8080/a", "https://lantern.example/a"),
    ("https://blog.lantern.example/a", "https://lantern.example/a"),
    ("https://lantern.example/?utm=1", "https://lantern.example/"),
)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_pages_have_different_ids(one: str, other: str) -> None:
    assert id_of_url(one) != id_of_url(other)


def test_text_fragment_is_no_part_of_the_page() -> None:
    assert id_of_url("https://lantern.example/a#:~:text=lamp") == id_of_url("https://lantern.example/a")


def test_order_of_the_query_does_not_matter() -> None:
    assert id_of_url("https://lantern.example/a?x=1&y=2") == id_of_url("https://lantern.example/a?y=2&x=1")


NEW_STYLE = (
    "https://arxiv.org/abs/2510.12345",
    "http://www.arxiv.org/abs/2510.12345v2",
    "https://arxiv.org/pdf/2510.12345",
    "https://arxiv.org/pdf/2510.12345v3.pdf",
    "https://export.arxiv.org/abs/2510.12345v1/",
    "https://arxiv.org/html/2510.12345v1",
    "https://arxiv.org/abs/2510.12345?context=cs.CL&utm_source=post",
    "https://huggingface.co/papers/2510.12345",
    "https://hf.co/papers/2510.12345v2/",
    "https://www.alphaxiv.org/abs/2510.12345",
    "https://alphaxiv.org/pdf/2510.12345v1",
)


@pytest.mark.parametrize("url", NEW_STYLE)
def test_addresses_of_a_paper_give_one_id(url: str) -> None:
    assert id_of_url(url) == "arxiv:2510.12345"


@pytest.mark.parametrize(
    "path", ["abs/hep-th/9901001", "abs/hep-th/9901001v2", "pdf/hep-th/9901001v1.pdf", "pdf/hep-th/9901001"]
)
def test_old_style_addresses_give_one_id(path: str) -> None:
    assert id_of_url(f"https://arxiv.org/{path}") == "arxiv:hep-th/9901001"


IDENTIFIERS = ("2510.12345", "2510.12345v2", "arXiv:2510.12345", "oai:arXiv.org:2510.12345v11", " ARXIV:2510.12345v1 ")


@pytest.mark.parametrize("identifier", IDENTIFIERS)
def test_identifiers_of_a_paper_give_one_id(identifier: str) -> None:
    assert arxiv_id(identifier) == "arxiv:2510.12345"


@given(
    st.from_regex(r"[0-9]{4}\.[0-9]{4,5}|(hep-th|cond-mat|math\.GT|cs)/[0-9]{7}", fullmatch=True),
    st.integers(1, 99),
)
def test_version_is_kept_apart(paper: str, version: int) -> None:
    for form in ("{}v{}", "arXiv:{}v{}", "oai:arXiv.org:{}v{}"):
        assert arxiv_id(form.format(paper, version)) == arxiv_id(paper) == f"arxiv:{paper}"
        assert arxiv_version(form.format(paper, version)) == version
    assert arxiv_version(paper) is None


@pytest.mark.parametrize(
    "wrong", ["", "2510.123", "2510.123456", "v2", "errors#bad_id", "2510.12345 and more", "٢٥١٠.12345"]
)
def test_what_is_no_identifier_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not an arXiv identifier"):
        arxiv_id(wrong)


ELSEWHERE = (
    ("https://huggingface.co/Lumen/Glimmer-2", "hf:lumen/glimmer-2"),
    ("https://huggingface.co/datasets/lumen/oil", "https://huggingface.co/datasets/lumen/oil"),
    ("https://huggingface.co/blog/lumen", "https://huggingface.co/blog/lumen"),
    ("https://huggingface.co/spaces/lumen", "https://huggingface.co/spaces/lumen"),
    ("https://openrouter.ai/Lumen/glimmer-2", "openrouter:lumen/glimmer-2"),
    ("https://openrouter.ai/docs/quickstart", "https://openrouter.ai/docs/quickstart"),
    ("https://github.com/Lumen/wick/releases/tag/v1.0", "github:lumen/wick@v1.0"),
    ("https://github.com/Lumen/wick", "https://github.com/Lumen/wick"),
    ("https://notarxiv.org/abs/2510.12345", "https://notarxiv.org/abs/2510.12345"),
    ("https://lantern.example/?u=arxiv.org/abs/2510.12345", "https://lantern.example?u=arxiv.org%2Fabs%2F2510.12345"),
)


@pytest.mark.parametrize(("url", "identity"), ELSEWHERE)
def test_other_works_have_ids_of_their_site(url: str, identity: str) -> None:
    assert id_of_url(url) == identity


@pytest.mark.parametrize("tag", ["v1.0", "nightly/2031-03", "V2", "a%2Fb", "v1 beta"])
def test_release_address_and_tag_give_one_id(tag: str) -> None:
    escaped = tag.replace("%", "%25").replace(" ", "%20")
    assert id_of_url(f"https://github.com/Lumen/Wick/releases/tag/{escaped}") == github_release_id("lumen/wick", tag)


ITEM = Item(
    id="arxiv:2510.12345",
    kind="paper",
    title="Lanterns",
    url="https://arxiv.org/abs/2510.12345",
    text="We carry one.",
    published=datetime(2031, 3, 14, tzinfo=UTC),
    version=1,
    facts=(("votes", "7"), ("licence", "MIT")),
)


@pytest.mark.parametrize("same", [{"facts": (("votes", "99"), ("licence", "MIT"))}, {"facts": (("licence", "MIT"),)}])
def test_votes_do_not_change_the_content(same: dict[str, object]) -> None:
    assert content_hash(replace(ITEM, **same)) == content_hash(ITEM)  # type: ignore[arg-type]


CHANGES: tuple[dict[str, object], ...] = (
    {"title": "Lantern"},
    {"text": "We carry two."},
    {"published": datetime(2031, 3, 15, tzinfo=UTC)},
    {"published": None},
    {"version": 2},
    {"url": "https://lantern.example/"},
    {"facts": (("votes", "7"), ("licence", "none"))},
    {"title": "LanternsW", "text": "e carry one."},
)


@pytest.mark.parametrize("change", CHANGES)
def test_content_changes_the_hash(change: dict[str, object]) -> None:
    assert content_hash(replace(ITEM, **change)) != content_hash(ITEM)  # type: ignore[arg-type]
