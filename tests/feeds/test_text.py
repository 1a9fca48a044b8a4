import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.text import collapse, html_to_text, latex_to_text, linked_ids, shorten, web_address

LATEX = {
    "about 12% of all lamps": "about 12% of all lamps",
    r"50\% brighter, a\_b \& c": "50% brighter, a_b & c",
    "lamps at $5 and $10 a month": "lamps at $5 and $10 a month",
    "$100 (or $200 with oil)": "$100 (or $200 with oil)",
    r"\$5 and \$6": "$5 and $6",
    "oil at $3.50/L, later $4 and $x_1$": "oil at $3.50/L, later $4 and x_1",
    "only $5": "only $5",
    r"$12\%$ and \textbf{12% of} lamps": "12% and 12% of lamps",
    "$3$ lamps and $4$ wicks": "3 lamps and 4 wicks",
    r"\textbf{Bright} lamps": "Bright lamps",
    r"\emph{very \textbf{bright} lamps}": "very bright lamps",
    r"in $\mathcal{O}(n \log n)$ time": "in 𝒪(n log n) time",
    r"$10\times$ brighter": "10× brighter",
    r"\(a \leq b\)": "a ≤ b",
    "$$x+y$$": "x+y",
    "an $n$-gram, $a<b$": "an n-gram, a<b",
    r"Schr\"odinger, G\"{o}del, \'etude, \c{c}a": "Schrödinger, Gödel, étude, ça",
    "``quoted'' words": "“quoted” words",
    "two\n  lines": "two lines",
    r"broken $\frac{1 {": r"broken $\frac{1 {",
    r"C:\lamps\oil": r"C:\lamps\oil",
    r"\d+ and a \n in C:\\Oil stay": r"\d+ and a \n in C:\\Oil stay",
    "a_b and c^2 stay": "a_b and c^2 stay",
    r"\lamps burn \alpha and \LaTeX well": "lamps burn α and LaTeX well",
    r"{\em very} bright \bf lamps \frac": "very bright lamps frac",
    r"see \href{https://oil.example/}{our page}": "see our page",
}


@pytest.mark.parametrize("latex", LATEX)
def test_latex_is_written_out(latex: str) -> None:
    assert latex_to_text(latex) == LATEX[latex]


HTML = {
    "plain & simple": "plain & simple",
    "AT&T, 1<2 and a < b": "AT&T, 1<2 and a < b",
    "<p>one</p><p>two</p>": "one\ntwo",
    "one<p>two</p>three": "one\ntwo\nthree",
    "head<ul><li>a<li>b</ul>tail": "head\na\nb\ntail",
    "a<br>b<br/>c": "a\nb\nc",
    "<b>bo</b>ld": "bold",
    "a&nbsp;b &amp; c &#8212; d": "a b & c — d",
    "x<script>steal()</script>y": "xy",
    "<style>p{}</style><p>z</p>": "z",
    "<p>a<iframe src='x'>b</iframe></p>": "a",
    "<!-- no -->yes": "yes",
    "<img src=x onerror='steal()'>seen": "seen",
    "<table><tr><td>a</td><td>b</td></tr><tr><th>c<td>d</table>": "a | b\nc | d",
    "<table>\n <tr>\n  <td>a</td>\n </tr>\n</table>": "a",
    "<p>one\nline</p>": "one line",
    "<p>so:</p><pre>for x:\n  y</pre>end": "so:\nfor x:\ny\nend",
    "<p hidden>a</p><p style='color:red; display: none'>b</p><i style=DISPLAY:NONE>c</i>d": "d",
    "<noscript>a</noscript><template>b</template><svg><text>c</text></svg>d": "d",
    "<div hidden>a<div hidden>b</div></div>c": "c",
    "<img src=x alt='A lamp'>": "A lamp",
    "<img src=x alt='A lamp'>seen": "seen",
    "&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two &amp;amp; three.&lt;/p&gt;": "One.\nTwo & three.",
    "&lt;p&gt;One.&lt;/p&gt;&lt;script&gt;steal()&lt;/script&gt;": "One.",
    "<img src=x><a href=y></a>&lt;p&gt;One.&lt;/p&gt;": "One.",
    "<p>Write &lt;p&gt;so&lt;/p&gt;.</p>": "Write <p>so</p>.",
    "the token <turn> ends it, <https://lantern.example/>": "the token <turn> ends it, <https://lantern.example/>",
    "for n<k and x<y we win": "for n<k and x<y we win",
    "<p>if n<k</p>": "if n<k",
    "<my-card>inside</my-card>": "inside",
    "<o:p>word</o:p>": "word",
    "one &lt;b&gt; is the tag": "one <b> is the tag",
    "pass&#173;word &#x202e;abc&#x2066;": "password abc",
}


@pytest.mark.parametrize("markup", HTML)
def test_html_is_what_a_person_reads(markup: str) -> None:
    assert html_to_text(markup) == HTML[markup]


TAGS = st.sampled_from(
    ("p", "b", "script", "style", "a", "img", "svg", "table", "td", "iframe", "form", "title", "x-y")
)
UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


@given(st.lists(st.tuples(TAGS, st.text("abc \"'=:\n", max_size=8), st.text("lamp &;\n", max_size=6)), min_size=1))
def test_no_tag_survives(parts: list[tuple[str, str, str]]) -> None:
    markup = "".join(f"<{tag} {attributes}>{text}</{tag}>" for tag, attributes, text in parts)
    text = html_to_text(markup)
    assert "<" not in text
    assert ">" not in text


@given(
    st.lists(st.sampled_from(("script", "style", "iframe", "template", "object")), min_size=1),
    st.text("ab \n", max_size=5),
)
def test_no_script_or_style_survives(tags: list[str], kept: str) -> None:
    markup = "".join(f"<p>{kept}</p><{tag}>zzz</{tag}>" for tag in tags)
    assert "z" not in html_to_text(markup)
    assert html_to_text(markup).split() == kept.split() * len(tags)


HOSTILE = st.text(
    st.characters() | st.sampled_from("<>&;#/!?x\u202e\u2066\ufeff\x00\x1b\ud800\U000e0041 \n$\\{}%"), max_size=60
)


@given(HOSTILE)
def test_no_control_or_direction_mark_survives(text: str) -> None:
    assert not UNSEEN.search(html_to_text(text))
    assert not UNSEEN.search(latex_to_text(text))
    assert not UNSEEN.search(collapse(text))


MARKS = "\0\x07\x1b\x7f\x9f\xad\u061c\u180e\u200b\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\ufffb\ud800\udfff\U000e0041"


@pytest.mark.parametrize("mark", MARKS)
def test_mark_is_removed(mark: str) -> None:
    assert collapse(f"lan{mark}tern") == "lantern"


@given(HOSTILE)
def test_every_text_can_be_stored(text: str) -> None:
    for plain in (html_to_text(text), latex_to_text(text), collapse(text)):
        assert plain.encode().decode() == plain


@given(st.text("\\{}$%^_&~ab12\"'`() \n", max_size=60))
def test_latex_of_any_kind_is_read(text: str) -> None:
    assert latex_to_text(text) == collapse(latex_to_text(text))


@given(st.text("abc xyz,.12%_^&#~{}", max_size=60))
def test_text_without_latex_is_left_alone(text: str) -> None:
    assert latex_to_text(text) == collapse(text)


REFUSED = (
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " java\nscript:alert(1)//x:",
    "vbscript:x",
    "file:///etc/passwd",
    "data:text/html,x",
    "mailto:desk@lantern.example",
    "http://",
    "http:///",
    "http://[bad",
    "http:// x",
    "https://lan tern.example/",
    "",
)


@pytest.mark.parametrize("reference", REFUSED)
def test_what_is_no_web_address_is_refused(reference: str) -> None:
    assert web_address(reference) == ""


@pytest.mark.parametrize("reference", ["javascript:alert(1)", "file:///etc", "data:text/html,x", "//[bad/", "", "  "])
def test_base_makes_no_address_of_it(reference: str) -> None:
    assert web_address(reference, "https://lantern.example/feed") == ""


RELATIVE = {
    "https://lamp.example/a b": "https://lamp.example/a b",
    "//lamp.example/x": "https://lamp.example/x",
    "/x": "https://lantern.example/x",
    "x": "https://lantern.example/blog/x",
    "../x?q=1#f": "https://lantern.example/x?q=1#f",
    " x\n": "https://lantern.example/blog/x",
}


@pytest.mark.parametrize("reference", RELATIVE)
def test_relative_reference_is_made_absolute(reference: str) -> None:
    assert web_address(reference, "https://lantern.example/blog/feed.xml") == RELATIVE[reference]


def test_what_nests_too_deeply_is_left_out() -> None:
    assert html_to_text("lamp" + "<div>" * 199 + "oil" + "</div>" * 199 + "<p>wick" * 300) == "\n".join(
        ["lamp", "oil", *["wick"] * 300]
    )
    assert html_to_text("lamp" + "<div>" * 201 + "oil") == "lamp"
    assert html_to_text("lamp" + "<div></b>" * 201 + "oil") == "lamp"


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [("oil lamp", 8, "oil lamp"), ("oil lamp wick", 10, "oil …"), ("o" * 20, 10, "o" * 8 + " …"), ("", 5, "")],
)
def test_long_text_is_cut_at_a_word_and_marked(text: str, most: int, shown: str) -> None:
    assert shorten(text, most) == shown


def test_first_links_are_taken() -> None:
    markup = "".join(f'<a href="/{number}">x</a>' for number in range(600))
    assert len(linked_ids(markup, "https://lantern.example/")) == 500


def test_linked_ids_are_canonical_distinct_and_in_order() -> None:
    markup = """<a href="/b">b</a> <A HREF="https://arxiv.org/pdf/2510.12345v2">p</A> <a href="/b/#">b</a> <a>n</a>
    <a href="javascript:x">j</a> <a href="https://arxiv.org/abs/2510.12345">again</a>
    <a href="mailto:x@y.example">m</a>"""
    assert linked_ids(markup, "https://lantern.example/feed") == ("https://lantern.example/b", "arxiv:2510.12345")


@given(st.text("http:/[]@?#&%. aé\\", max_size=30))
def test_any_link_is_read(reference: str) -> None:
    assert len(linked_ids(f'<a href="{reference}">x</a>', "https://lantern.example/")) <= 1
