from collections.abc import Callable

import pytest

from core.errors import SourceError, Unreadable
from core.polls import Validators
from core.types import FullText, Item
from feeds.answer import Answer, Fetch
from feeds.full_text import cutting, pdf, reader
from feeds.full_text.cutting import cut
from feeds.full_text.parsing import Form, parsed
from tests.feeds.desk import document
from tests.feeds.documents import ABSTRACT, ARTICLE, BODY, CARD, PAPER, encrypted_pdf, pdf_of
from tests.feeds.documents import pdf as pdf_with
from tests.servers.web import Web

PAPER_ITEM = Item("arxiv:2610.11111", "paper", "Lanterns", "https://arxiv.org/abs/2610.11111", ABSTRACT)
POST = Item("https://lantern.example/street", "post", "A street", "https://lantern.example/street", "We light it.")
MODEL = Item("hf:lanternlabs/glow-7b", "release", "Glow", "https://huggingface.co/LanternLabs/Glow-7B", "A model.")
RELEASE_URL = "https://github.com/LanternLabs/wick/releases/tag/v1"
RELEASE = Item(
    "github:lanternlabs/wick@v1",
    "release",
    "wick v1",
    RELEASE_URL,
    "Notes.",
    facts=(("repository", "LanternLabs/wick"),),
)
ROUTED = Item("openrouter:lanternlabs/glow", "release", "Glow", "https://openrouter.ai/lanternlabs/glow", "It glows.")

HTML_AT, PDF_AT = "//arxiv.org/html/2610.11111", "//arxiv.org/pdf/2610.11111"
LONG = pdf_with([BODY])


@pytest.fixture
def read(fetch_any: Fetch) -> Callable[[Item], FullText]:
    return reader(fetch_any)


def test_paper_is_read_from_html_as_lines(web: Web, read: Callable[[Item], FullText]) -> None:
    web.says(HTML_AT, PAPER, content_type="text/html; charset=utf-8")
    found = read(PAPER_ITEM)
    assert (found.item_id, found.url, found.origin, found.why) == (
        *("arxiv:2610.11111", "https://arxiv.org/html/2610.11111", "html", ""),
    )
    lines = found.text.split("\n")
    assert lines[:2] == ["Lanterns over Long Tasks", "1 Introduction"]
    assert lines[2].startswith("The lamplighter walks")
    assert lines[3:] == ["oil 42", "light(lamp)", "rest()", "References", "A. Wick. Lamps. 2030."]


def test_formula_is_readable_and_there_once() -> None:
    text = parsed("paper", document(PAPER))
    assert "A loss of α≤ x^2 is dim." in text
    assert text.count("α") == 1
    assert "\\" not in text


def test_rows_of_formulas_are_readable() -> None:
    rows = r"\begin{aligned}a&=\alpha\\ c&=\beta" + r"\\ d&=\gamma" * 40 + r"\end{aligned}"
    page = f'<article class="ltx_document"><p>So <math alttext="{rows}"></math>.</p></article>'
    text = parsed("paper", document(page))
    assert text.startswith("So a =α c =β d =γ d")
    assert "\\" not in text
    assert "aligned" not in text


@pytest.mark.parametrize("unseen", ["alert", "Ignore", "Nor this", "menu", "Back to arXiv", "Report an issue", "color"])
def test_paper_without_what_nobody_sees(unseen: str) -> None:
    assert unseen not in parsed("paper", document(PAPER))


@pytest.mark.parametrize(("body", "status"), [(b"", 404), (b"<p>There is no HTML of this paper.</p>", 200)])
def test_paper_without_html_is_read_from_pdf(
    web: Web, read: Callable[[Item], FullText], body: bytes, status: int
) -> None:
    web.says(HTML_AT, body, status=status)
    web.says(PDF_AT, LONG, content_type="application/pdf")
    found = read(PAPER_ITEM)
    assert (found.origin, found.text, found.why) == ("pdf", BODY, "")
    assert found.url == "https://arxiv.org/pdf/2610.11111"


def test_paper_with_neither_is_told_with_both_reasons(web: Web, read: Callable[[Item], FullText]) -> None:
    web.says(PDF_AT, encrypted_pdf())
    found = read(PAPER_ITEM)
    assert (found.origin, found.text, found.url) == ("told", ABSTRACT, PAPER_ITEM.url)
    assert "https://arxiv.org/html/2610.11111: HTTP 404" in found.why
    assert "https://arxiv.org/pdf/2610.11111: the PDF is encrypted" in found.why


def test_throttled_is_not_asked_again(web: Web, read: Callable[[Item], FullText]) -> None:
    web.says(HTML_AT, status=429)
    web.says(PDF_AT, LONG)
    assert read(PAPER_ITEM).origin == "told"
    assert [asked.target for asked in web.asked] == ["/html/2610.11111"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (encrypted_pdf(), "encrypted"),
        (b"%PDF-1.4 and then nothing", "cannot be read"),
        (LONG[: len(LONG) // 2], "cannot be read"),
        (pdf_of([b"BT ET"]), "holds text"),
        (pdf_of([b" " * 80_000_000], compressed=True), "holds text"),
        (LONG.replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]"), "PDF"),
    ],
    ids=["encrypted", "nothing", "half", "a_scan", "a_bomb", "a_circle"],
)
def test_pdf_that_cannot_be_read(body: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        parsed("pdf", document(body))


def test_bad_page_of_a_pdf_costs_that_page_only() -> None:
    good = b"BT /F1 12 Tf (A lamp.) Tj ET"
    text = parsed("pdf", document(pdf_of([good, b" " * 80_000_000, good], compressed=True)))
    lines = text.split("\n")
    assert (lines[0], lines[-1]) == ("A lamp.", "A lamp.")
    assert lines[1].startswith("[page 2: the PDF cannot be read")


def test_pages_of_a_pdf_are_capped() -> None:
    text = parsed("pdf", document(pdf_with([f"Lamp {n}." for n in range(1, pdf.MAX_PAGES + 3)])))
    assert text.endswith(f"Lamp {pdf.MAX_PAGES}.\n[cut here: {pdf.MAX_PAGES} of {pdf.MAX_PAGES + 2} pages were read]")


def test_pages_read_before_the_time_is_up_are_kept() -> None:
    slow = b"BT /F1 12 Tf " + b"(a) Tj " * 150_000 + b"ET"
    body = pdf_of([b"BT /F1 12 Tf (A lamp.) Tj ET", *[slow] * 40], compressed=True)
    text = parsed("pdf", document(body), seconds=6)
    assert text.startswith("A lamp.")
    assert text.endswith("[cut here: the rest takes too long to read]")


def test_page_that_never_ends_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="longer than 2 s"):
        parsed("paper", document("<div hidden>" * 100_000), seconds=2)


def test_article_without_menus_banners_and_scripts(web: Web, read: Callable[[Item], FullText]) -> None:
    web.says("//lantern.example/street", ARTICLE, content_type="text/html")
    found = read(POST)
    assert (found.origin, found.url) == ("article", POST.url)
    assert found.text.split("\n")[:3] == ["How we light a street", BODY, "What it costs"]
    for rest in ("Home", "Open positions", "cookies", "tracked", "praise", "wicks you", "Terms of use"):
        assert rest not in found.text


def test_article_in_another_charset() -> None:
    page = ARTICLE.decode().replace("a cup of oil", "a cup of huile d’été").encode("windows-1252")
    assert "huile d’été" in parsed("article", document(page, content_type="text/html; charset=windows-1252"))
    named = page.replace(b"<head>", b'<head><meta charset="windows-1252">')
    assert "huile d’été" in parsed("article", document(named))


def test_feed_that_told_more_than_the_page_is_preferred(web: Web, read: Callable[[Item], FullText]) -> None:
    web.says("//lantern.example/street", ARTICLE)
    told = Item(POST.id, "post", "A street", POST.url, BODY * 10)
    assert read(told) == FullText(POST.id, POST.url, BODY * 10, "told")


@pytest.mark.parametrize(
    ("body", "kind", "why"),
    [
        (b"<html><body><p>Please enable JavaScript.</p></body></html>", "text/html", "article"),
        (b"\x89PNG not a page", "image/png", "not a page but image/png"),
        (b"", "text/html", "article"),
    ],
)
def test_page_without_an_article_is_told(
    web: Web, read: Callable[[Item], FullText], body: bytes, kind: str, why: str
) -> None:
    web.says("//lantern.example/street", body, content_type=kind)
    found = read(
        Item(POST.id, "post", "A street", POST.url, "We light it, lamp by lamp, until the whole street burns.")
    )
    assert (found.origin, found.text[:11]) == ("told", "We light it")
    assert why in found.why


def test_post_that_is_a_pdf_is_read_as_one(web: Web, read: Callable[[Item], FullText]) -> None:
    web.says("//lantern.example/street", LONG, content_type="application/pdf")
    assert (read(POST).origin, read(POST).text) == ("pdf", BODY)


def test_card_is_read_without_front_matter(web: Web, read: Callable[[Item], FullText]) -> None:
    web.says("//huggingface.co/LanternLabs/Glow-7B/raw/main/README.md", CARD)
    found = read(MODEL)
    lines = found.text.split("\n")
    assert (found.origin, lines[0]) == ("card", "Glow-7B")
    assert lines[1].startswith("Glow is a small model for lamps. It goes on in the next line.")
    assert lines[2:] == ["task score", "dusk 71.2", "light(lamp)"]


def test_rule_in_a_card_is_no_front_matter() -> None:
    assert parsed("markdown", document("# Glow\n\n---\nA lamp.\n\n---\n")) == "Glow\nA lamp."


def test_release_gives_the_readme(web: Web, read: Callable[[Item], FullText]) -> None:
    web.says("//raw.githubusercontent.com/LanternLabs/wick/HEAD/README.md", CARD)
    assert read(RELEASE).origin == "readme"


def test_what_was_told_is_all_there_is_of_openrouter(web: Web, read: Callable[[Item], FullText]) -> None:
    assert read(ROUTED) == FullText(ROUTED.id, ROUTED.url, "It glows.", "told")
    assert not web.asked


@pytest.mark.parametrize("item", [PAPER_ITEM, POST, MODEL, RELEASE], ids=lambda item: item.id)
def test_failure_is_told_and_not_raised(item: Item) -> None:
    def offline(url: str, known: Validators) -> Answer:
        raise SourceError("there is no network")

    found = reader(offline)(item)
    assert (found.origin, found.text) == ("told", item.text)
    assert "there is no network" in found.why


def test_long_text_is_cut_at_a_paragraph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "MAX_CHARS", 3_000)
    assert cut("x" * 2_500 + "\nA lamp. " + "y" * 900) == "x" * 2_500 + "\n[cut here: the text goes on]"
    assert cut("x" * 2_500 + " A lamp. " + "y" * 900) == "x" * 2_500 + " A lamp.\n[cut here: the text goes on]"
    assert cut("x" * 3_000) == "x" * 3_000


def test_longest_text_costs_no_more_than_the_cap() -> None:
    text = parsed("markdown", document(("A lamp burns. " * 1_000 + "\n\n") * 200))
    assert len(text) < cutting.MAX_CHARS + 100
    assert text.endswith("burns.\n[cut here: the text goes on]")


@pytest.mark.parametrize("form", ["paper", "pdf", "article", "markdown"])
@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe<", b"<!--"])
def test_rubbish_is_unreadable_or_text(form: Form, body: bytes) -> None:
    assert _told_of(form, body).isprintable()


def _told_of(form: Form, body: bytes) -> str:
    try:
        return parsed(form, document(body))
    except Unreadable as error:
        told = str(error)
    assert "failed on it" not in told
    return told
