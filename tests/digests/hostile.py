"""Text as an attacker writes it, for the property tests of every form."""

from hypothesis import strategies as st

from digests.outside import plain_title

MARKUP = (
    "<script>alert(1)</script>",
    "</style>",
    "</title>",
    "<!--",
    "-->",
    "]]>",
    "<img src=x onerror=alert(1)>",
    "<b>",
)
LINKS = (
    "](javascript:alert(1))",
    "[x](https://evil.example)",
    "![x](https://evil.example/a.png)",
    "<https://evil.example>",
)
BARE_LINKS = ("https://evil.example", "www.evil.example", "a@evil.example", "[link=https://evil.example]")
MENTIONS = ("@channel", "<!channel>", "<@U123>", "#123", "owner/repo#1", ":tada:")
BLOCKS = ("# ", "- ", "1. ", "1)", "> ", "+ ", "===", "---", "***", "```", "~~~", "    ")
MARKS = ("|", "\\", "`", "*", "_", "~~", "$", "!", "&lt;", "&#64;", "&", '"', "'", "[bold red]", "[/]")
TEMPLATES = ("{{ 7 * 7 }}", "{% raw %}", "{#")
CODES = ("\x1b[31m", "\x1b]8;;https://evil.example\x1b\\", "\x1b]0;title\x07", "\x9b2J", "\x00", "\x7f")
BREAKS = ("\r", "\n", "\n\n", "\t", "\u2028", "\u0085")
HIDDEN = ("\u202e", "\u2066", "\u200b", "\u200f", "\ufeff", "\ud800", "\u200d")
LETTERS = ("שלום", "مرحبا", "字", "é", "👩\u200d🔬")
FRAGMENTS = MARKUP + LINKS + BARE_LINKS + MENTIONS + BLOCKS + MARKS + TEMPLATES + CODES + BREAKS + HIDDEN + LETTERS

EVERYTHING = "".join(FRAGMENTS)
TEXT = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=6), min_size=1, max_size=6).map("".join)
SHOWN_TEXT = TEXT.filter(lambda text: plain_title(text) != "untitled")
URL = st.one_of(
    st.builds("{}:{}".format, st.sampled_from(("javascript", "data", "file", "HTTPS", "https", " https", "")), TEXT),
    st.builds("https://papers.example/{}".format, TEXT),
    st.builds("https://{}/".format, TEXT),
    TEXT,
)
