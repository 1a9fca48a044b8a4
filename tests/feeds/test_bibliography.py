"""Bibliographies: read as they are written by other tools, damaged ones too; what we write reads back as it was."""

import gzip
import string
import unicodedata
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ConfigError
from core.types import Item
from feeds.bibliography import bibtex, forms, json_lines, read_bibliography

WRITTEN = {"bibtex": bibtex, "json_lines": json_lines}
OWLS = """@article{frolich31,
  title = {Barn {Owls} hear at 40\\,{dB} \\& below},
  author = {Fr{\\"o}lich, Ada and Bo Li},
  year = 2031, month = mar,
  eprint = {3103.00001v2}, archivePrefix = {arXiv}, primaryClass = {q-bio.NC},
  abstract = {We show $x$ of owls.}
}
"""
RICE = "TY  - JOUR\nTI  - Rice seen from above\nAU  - Mora, Ines\nPY  - 2031/04/05\nDO  - 10.1234/rice.7\nER  - \n"


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_bibtex_entry_is_a_paper(tmp_path: Path) -> None:
    (paper,) = read_bibliography(file(tmp_path, "a.bib", OWLS)).items
    assert (paper.id, paper.version) == ("arxiv:3103.00001", 2)
    assert paper.title.startswith("Barn Owls hear at 40")
    assert "{" not in paper.title
    assert paper.title.endswith("& below")
    assert paper.authors == ("Ada Frölich", "Bo Li")
    assert (paper.published, paper.categories) == (datetime(2031, 3, 1, tzinfo=UTC), ("q-bio.NC",))
    assert paper.text == "We show x of owls."


def test_ris_record_is_a_paper(tmp_path: Path) -> None:
    (paper,) = read_bibliography(file(tmp_path, "a.ris", RICE)).items
    assert (paper.id, paper.title) == ("https://doi.org/10.1234/rice.7", "Rice seen from above")
    assert (paper.authors, paper.published) == (("Ines Mora",), datetime(2031, 4, 5, tzinfo=UTC))


def test_arxiv_doi_is_the_arxiv_paper(tmp_path: Path) -> None:
    text = "@misc{a, title={Kettles}, doi={10.48550/arXiv.3103.00002}}"
    assert [paper.id for paper in read_bibliography(file(tmp_path, "a.bib", text)).items] == ["arxiv:3103.00002"]


def test_arxiv_ids_come_in_every_spelling(tmp_path: Path) -> None:
    text = "3103.00001v3  # owls\n\nhttps://arxiv.org/pdf/3103.00002\narXiv:math/0301001\n3103.00001\n"
    reading = read_bibliography(file(tmp_path, "ids.txt", text))
    assert [paper.id for paper in reading.items] == ["arxiv:3103.00001", "arxiv:3103.00002", "arxiv:math/0301001"]
    assert not reading.problems


def test_harvested_row_is_a_paper(tmp_path: Path) -> None:
    row = (
        '{"id": "3103.00009", "title": "Kettles", "abstract": "Silent.", "authors": ["Bo Li"], "created": "2031-03-01"}'
    )
    (paper,) = read_bibliography(file(tmp_path, "a.jsonl", row + "\n")).items
    assert (paper.id, paper.text, paper.published) == ("arxiv:3103.00009", "Silent.", datetime(2031, 3, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("name", "text", "readable", "told"),
    [
        (
            "a.bib",
            OWLS + "@article{torn, title={Never closed, author={No\n" + OWLS.replace("31,", "32,", 1),
            2,
            "line 8",
        ),
        ("a.bib", "@misc{nameless, author={Ada}}", 0, "nameless"),
        ("a.bib", "to be or not to be", 0, "no BibTeX entry"),
        ("a.ris", RICE + "TY  - JOUR\nTI  - Torn", 1, "record 2"),
        ("a.ris", "nothing of the kind", 0, "no RIS record"),
        ("a.jsonl", '{"id": "3103.00001", "title": "Owls"}\n{"id": \n[]\n', 1, "line 2"),
        ("a.jsonl", '{"id": "hf:lumen/glimmer", "kind": "release"}', 0, "line 1"),
        ("a.txt", "3103.00001\nowls\n", 1, "line 2"),
    ],
)
def test_what_cannot_be_read_costs_only_itself(tmp_path: Path, name: str, text: str, readable: int, told: str) -> None:
    reading = read_bibliography(file(tmp_path, name, text))
    assert len(reading.items) == readable
    assert told in reading.problems[0]


def test_packed_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.bib.gz"
    path.write_bytes(gzip.compress(OWLS.encode()))
    assert len(read_bibliography(path).items) == 1


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("a.pdf", b"", ".bib"),
        ("a", b"", ".bib"),
        ("a.bib.gz", b"no gzip", "cannot read"),
        ("gone.bib", None, "gone.bib"),
    ],
)
def test_unknown_and_unreadable_files_are_named(tmp_path: Path, name: str, body: bytes | None, said: str) -> None:
    if body is not None:
        (tmp_path / name).write_bytes(body)
    with pytest.raises(ConfigError, match=said):
        read_bibliography(tmp_path / name)


WORDS = st.text(string.ascii_letters + string.digits + " &%$#_{}~^\\'äöüßéçñøłğ中文—“”<>", min_size=1, max_size=60)
TITLES = WORDS.map(lambda text: " ".join(text.split())).filter(lambda text: any(map(str.isalnum, text)))
NAMES = st.text("abcdefäöéñ", min_size=2, max_size=9).map(str.title)


@st.composite
def papers(draw: st.DrawFn) -> Item:
    number = draw(st.integers(1, 99999))
    published = draw(st.none() | st.dates(date(1970, 1, 1), date(2100, 1, 1)))
    day = datetime.combine(published, time.min, UTC) if published else None
    return Item(
        id=f"arxiv:3103.{number:05}",
        kind="paper",
        title=draw(TITLES),
        url=f"https://arxiv.org/abs/3103.{number:05}",
        text=draw(TITLES),
        authors=tuple(" ".join(names) for names in draw(st.lists(st.tuples(NAMES, NAMES), max_size=3))),
        published=day,
        announced=day,
        categories=draw(st.sampled_from([(), ("cs.CL",)])),
    )


@pytest.mark.parametrize("form", WRITTEN)
def test_form_that_is_written_is_found_by_its_ending(form: str) -> None:
    assert set(WRITTEN[form].ENDINGS) <= set(forms())


@given(st.lists(papers(), max_size=4, unique_by=lambda paper: paper.id))
def test_json_lines_read_back_as_they_were(written: list[Item]) -> None:
    reading = json_lines.read(json_lines.write(written))
    assert (list(reading.items), reading.problems) == (written, ())


@given(st.lists(papers(), max_size=4, unique_by=lambda paper: paper.id))
def test_bibtex_reads_back_ids_authors_and_days(written: list[Item]) -> None:
    reading = bibtex.read(bibtex.write(written))
    told = [(paper.id, paper.url, paper.authors, paper.published, paper.categories) for paper in reading.items]
    assert told == [(paper.id, paper.url, paper.authors, paper.published, paper.categories) for paper in written]


def letters(text: str) -> list[str]:
    return [char for char in text if unicodedata.category(char) in ("Lu", "Ll", "Lo", "Nd")]


@given(papers())
def test_bibtex_reads_back_the_letters_of_a_title(paper: Item) -> None:
    (read,) = bibtex.read(bibtex.write([paper])).items
    assert letters(read.title) == letters(paper.title)
