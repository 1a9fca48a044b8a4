"""When two records are one paper; all papers and people are made up."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identity import catalogue, same_work
from core.papers import paper_text, plain_words, same_paper
from core.types import Item

AUTHORS = ("Ada Lamb", "Bo Ström", "Cem Yıldız")
TITLE = "Lemma cards for provers that are stuck"
ABSTRACT = (
    "Provers that are stuck write a short card for each lemma that they miss, and read the cards of others. On four"
    " hundred invented theorems this closes a third of the open goals, at half the tokens of a longer search."
)
REVISED = (
    "Provers that are stuck write a short card for each lemma they miss and read the cards of others. On six hundred"
    " invented theorems this closes two fifths of the open goals, at a third of the tokens that a longer search takes."
)
PART_TWO = (
    "Provers that are stuck may also forget. We let a second prover sort the cards by how often they helped, drop the"
    " rest, and prove when that is safe; on four hundred invented theorems a tenth of all cards is enough."
)
ELSEWHERE = (
    "Owls call at night, and a single microphone on a roof hears most of them. From the time between echoes we tell"
    " young birds from old, and count a population within a tenth over two winters in three small towns."
)
ONE = paper_text(TITLE, AUTHORS, ABSTRACT)


@pytest.mark.parametrize(
    ("title", "authors", "abstract"),
    [
        (TITLE.upper(), AUTHORS, ABSTRACT),
        (TITLE, ("A. Lamb", 'B. Str\\"om', "C. Yildiz"), ABSTRACT),
        (TITLE, (), ABSTRACT),
        (TITLE, AUTHORS, REVISED),
        ("Cards that help provers", AUTHORS, REVISED),
        (f"{TITLE} I", AUTHORS, REVISED),
        (TITLE, ("Bo Strom", "Ada Lamb"), ABSTRACT[:120]),
        (TITLE, AUTHORS, ""),
        (TITLE, (), ""),
    ],
)
def test_revised_record_is_the_same_paper(title: str, authors: tuple[str, ...], abstract: str) -> None:
    assert same_paper(ONE, paper_text(title, authors, abstract))


@pytest.mark.parametrize(
    ("title", "authors", "abstract"),
    [
        *((f"{TITLE}{mark}", AUTHORS, PART_TWO) for mark in (" II", ", Part 2", ": Part III", " (2)", " IV")),
        *((f"{TITLE}{mark}", AUTHORS, PART_TWO) for mark in (" 2031", " revisited", ": a sequel", " (erratum)")),
        (TITLE, AUTHORS, ELSEWHERE),
        (TITLE, ("Dana Holm", "Eli Roth"), PART_TWO),
        ("Counting owls with one microphone", AUTHORS, ELSEWHERE),
        (f"{TITLE} II", AUTHORS, ""),
        (TITLE, ("Dana Holm",), ""),
        ("Lemma cards", AUTHORS, ""),
        ("", (), ""),
    ],
)
def test_other_paper_is_another(title: str, authors: tuple[str, ...], abstract: str) -> None:
    assert not same_paper(ONE, paper_text(title, authors, abstract))


@pytest.mark.parametrize(("one", "other"), [("Part I", "Part 1"), ("Part IV", "part 04"), ("$SL_2$", "SL_{2}")])
def test_numbers_are_the_same_however_written(one: str, other: str) -> None:
    assert paper_text(one, (), "").numbers == paper_text(other, (), "").numbers != ()


def test_accents_and_latex_do_not_matter() -> None:
    assert plain_words(r"Erd\H{o}s by Wes{\'o}wski, $x$") == plain_words("Erdős by Wesówski, x")


@given(st.text())
def test_plain_words_of_plain_words_are_themselves(text: str) -> None:
    once = plain_words(text)
    assert plain_words(" ".join(once)) == once


WORDS = st.lists(st.sampled_from([*ABSTRACT.split(), "II", "2", "é", "$x$", ""]), max_size=30).map(" ".join)
IDS = st.sampled_from(["arxiv:1", "arxiv:2", "hf:a/b", "github:a/b@1", "https://a.example", "https://b.example"])
ITEMS = st.builds(
    Item,
    id=IDS,
    kind=st.sampled_from(["paper", "post", "release"]),
    title=WORDS | st.sampled_from([TITLE, "Glimmer 2", "lumen/Glimmer-2"]),
    url=st.just("https://lantern.example/"),
    text=WORDS | st.just(ABSTRACT),
    authors=st.lists(st.sampled_from(AUTHORS), max_size=3).map(tuple),
)


@given(ITEMS, ITEMS)
def test_same_work_is_symmetric_and_reflexive(one: Item, other: Item) -> None:
    assert same_work(one, one)
    assert same_work(one, other) == same_work(other, one)
    if one.id != other.id and catalogue(one.id) == catalogue(other.id) != "":
        assert not same_work(one, other)


@given(WORDS, WORDS, st.lists(st.sampled_from(AUTHORS), max_size=3))
def test_paper_with_an_abstract_is_itself_in_any_order_of_authors(title: str, abstract: str, names: list[str]) -> None:
    one, turned = (paper_text(title, authors, abstract + ABSTRACT) for authors in (names, names[::-1]))
    assert same_paper(one, turned)
    assert same_paper(turned, one)


def test_copy_on_a_page_of_the_web_is_the_paper_and_a_release_never_is() -> None:
    paper = Item("arxiv:3103.00001", "paper", TITLE, "", ABSTRACT, authors=AUTHORS)
    assert same_work(paper, replace(paper, id="https://review.example/7", kind="post"))
    assert not same_work(paper, replace(paper, id="https://review.example/7", kind="release"))
    posts = [replace(paper, id=f"https://{name}.example/", kind="post") for name in "ab"]
    assert not same_work(*posts)


def test_two_entries_of_one_catalogue_are_two_works_however_alike() -> None:
    paper = Item("arxiv:3103.00001", "paper", TITLE, "", ABSTRACT, authors=AUTHORS)
    assert not same_work(paper, replace(paper, id="arxiv:3103.00002"))
