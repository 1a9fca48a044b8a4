"""Text in one plain spelling, to compare a claim with its source: no LaTeX, ligatures, odd dashes or quotes.

Every pattern is linear: repetitions are bounded or cannot overlap with what follows them.
"""

import re
import unicodedata

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        **dict.fromkeys("‘’‚‛`´ʼ′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("·⋅∙", "×"),
        "…": "...",
        "⁄": "/",
        "≈": "~",
        "∼": "~",
    }
)
_MATH = re.compile(r"\$(?=[^\s$])([^$\n]{1,120})(?<![\s(-])\$(?!\d)")
_WRAPPED = re.compile(
    r"\\(?:text(?:bf|it|tt|sc|rm|sf)?|math(?:bf|bb|cal|it|rm|sf|tt)|emph|mbox|operatorname|url|underline)\s?\{"
)
_COMMANDS = {
    "times": "×",
    "cdot": "×",
    "approx": "~",
    "sim": "~",
    "pm": "±",
    "leq": "≤",
    "le": "≤",
    "geq": "≥",
    "ge": "≥",
    "percent": "%",
    "mu": "µ",
    "ldots": "...",
    "dots": "...",
}
_COMMAND = re.compile(r"\\([A-Za-z]{1,30})")
_ELL = re.compile(r"\\ell(?![A-Za-z])")
_ESCAPED = re.compile(r"\\([%$&#_{}])")
_THIN_SPACE = re.compile(r"\\[,;:! ]|~(?=\S)(?<=[A-Za-z.]~)|\\\\")
_EXPONENT = re.compile(r"\^\s?\{\s?([+-]?\d{1,6})\s?\}")
_CROSS = re.compile(r"(?<=[0-9])[xX](?=[0-9])")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_BESIDE_MARK = re.compile(r"(?<=[^\w\s]) | (?=[^\w\s])")


def plain(text: str) -> str:
    """Return a text in the plain spelling, on one line; case and punctuation stay."""
    text = _in_plain_marks(text) if text.isascii() else _in_common_letters(text)
    if any(mark in text for mark in "\\${"):
        text = _without_latex(text)
    text = _CROSS.sub(" × ", text)
    return " ".join(text.split())


def _in_plain_marks(text: str) -> str:
    shown = text if text.isprintable() else _CONTROLS.sub(" ", text)
    return shown.replace("`", "'")


def _in_common_letters(text: str) -> str:
    text = _SUPERSCRIPT.sub(lambda run: "^" + run[0].translate(_SUPERSCRIPTS), text)
    text = re.sub("(?<=[0-9])(?=[¼-¾⅐-⅞])", " ", text)
    text = unicodedata.normalize("NFKC", text).translate(_LETTERS)
    return text.translate({ord(char): _visible(char) for char in set(text)})


def same_words(text: str) -> str:
    """Return the plain spelling without case and without white space beside marks, for looking a quotation up."""
    return _BESIDE_MARK.sub("", plain(text).casefold()).strip()


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    return " " if category[0] in "CZ" else char


def _without_latex(text: str) -> str:
    text = _MATH.sub(r"\1", text)
    text = _WRAPPED.sub("{", text)
    text = _THIN_SPACE.sub(" ", text).replace("{,}", ",")
    text = _ELL.sub("l", text)
    text = _EXPONENT.sub(r"^\1", text)
    text = _COMMAND.sub(lambda found: f" {_COMMANDS.get(found[1], found[1])} ", text)
    text = re.sub(r"(?<!\\)[{}]", "", text)
    return _ESCAPED.sub(r"\1", text)
