"""What a person typed, as words to weigh, phrases that must occur, and words that must not.

Quotation marks make a phrase, a minus before a word or phrase leaves it out. A text of more words than anyone types,
a whole paper for example, has no such signs: it is read as it is.
"""

import re
from collections import Counter
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_SIGNS = re.compile(r'(?:(?<=\s)|^)-(?:"([^"]+)"|([^\W\d_][^\s"]*))|"([^"]+)"')
_TYPED = 60
_STOP_WORDS = frozenset(
    "a about above after again against all also am an and any are as at be because been before being below between both"
    " but by can could did do does doing done down during each few for from further had has have having he her here"
    " hers him his how however i if in into is it its itself just may me might more most must my no nor not of off on"
    " once only or other our ours out over own same she should so some such than that the their theirs them then there"
    " these they this those through thus to too under until up upon very was we were what when where whether which"
    " while who whom whose why will with within without would yet you your yours".split()
)


@dataclass(frozen=True, slots=True)
class Query:
    """A question: ``text`` is its meaning; ``words`` are in lower case with how often each occurs, in reading order."""

    text: str
    words: tuple[tuple[str, int], ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def is_long(self) -> bool:
        """Whether it is a text rather than something typed."""
        return len(self.text.split()) > _TYPED


def parse(typed: str) -> Query:
    """Return what was typed as a query; nothing that can be typed is an error."""
    text = " ".join(_sound(typed).translate(_QUOTES).split())
    if len(text.split()) > _TYPED:
        return as_text(text)
    excluded: list[str] = []
    phrases: list[str] = []
    for match in _SIGNS.finditer(text):
        (excluded if match[3] is None else phrases).append(_plain(match[1] or match[2] or match[3]))
    meant = _SIGNS.sub(lambda match: match[3] or "", text).replace('"', " ")
    meant = " ".join(meant.split())
    return Query(meant, _weighed(meant), tuple(filter(None, phrases)), tuple(filter(None, excluded)))


def as_text(text: str) -> Query:
    """Return a text as a query in which no sign means anything."""
    return Query(_sound(text), _weighed(_sound(text)))


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, as the index of words cuts them."""
    return _WORD.findall(text.lower())


def is_telling(word: str) -> bool:
    """Tell whether a word in lower case says what a text is about."""
    return word not in _STOP_WORDS


def _sound(text: str) -> str:
    """Return a text without lone surrogates: they are bytes of a command line, or halves of characters in JSON."""
    return text.encode("utf-8", "replace").decode()


def _plain(phrase: str) -> str:
    return " ".join(words_of(phrase))


def _weighed(text: str) -> tuple[tuple[str, int], ...]:
    """Return the words with their counts; stop words only where there is nothing else."""
    counted = Counter(words_of(text))
    telling = {word: count for word, count in counted.items() if is_telling(word)}
    return tuple((telling or counted).items())
