"""What can be measured of the sentences of a text: place, length, centrality, closeness to the title, cue words.

The families of features are those of Edmundson (1969, "New Methods in Automatic Extracting") and of LexRank (Erkan and
Radev, 2004); every feature lies between 0 and 1.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from triage.cues import cues

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
# Thai, Lao, Burmese and Khmer put no spaces between words either.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_STOPWORDS = frozenset(
    "a about all also although an and any are as at be been being both but by can do does each for from has have how"
    " however if in into is it its more most no not of on only or other our over same several show shown since so some"
    " such than that the their them then there these they this those through thus to two under up use used using via"
    " was we were what when where whether which while who will with within without would you your".split()
)
_MOST_NAME_WORDS = 2
_KEPT_STEMS = 20_000
_OWN_WORK = ("we_propose", "we_show", "this_work", "we_study")
_SUFFIX = re.compile(r"(?:ations?|ing|ings|ions?|ed|es|s|ly|al|er|ers|e)$")


def stems(text: str) -> list[str]:
    """Return the words of a text that say something, shortened to their stems; of Chinese or Japanese, letter pairs."""
    words = [_stem(word) for word in _WORD.findall(text.lower()) if word not in _STOPWORDS]
    if not _CJK.search(text):
        return words
    run = "".join(_CJK.findall(text))
    return [word for word in words if not _CJK.search(word)] + [run[at : at + 2] for at in range(len(run) - 1)]


@lru_cache(maxsize=_KEPT_STEMS)
def _stem(word: str) -> str:
    return _SUFFIX.sub("", word) or word


def word_count(sentence: str) -> float:
    """Return how many words a sentence has; two Chinese or Japanese letters count as one, four Thai ones too."""
    letters, unspaced = len(_CJK.findall(sentence)), len(_UNSPACED.findall(sentence))
    return len(_UNSPACED.sub(" ", _CJK.sub(" ", sentence)).split()) + letters / 2 + unspaced / 4


def measured(title: str, candidates: Sequence[str]) -> list[dict[str, float]]:
    """Return the features of every sentence of a text."""
    bags = [Counter(stems(sentence)) for sentence in candidates]
    central, titled = _centrality(bags), Counter(stems(title))
    cued, name = [cues(sentence) for sentence in candidates], _own_name(title)
    return [
        _place(place, len(candidates))
        | _length(sentence)
        | _title(bags[place], titled)
        | {"names_it": float(bool(name) and name in sentence.lower())}
        | central[place]
        | cued[place]
        | _own(cued, place)
        for place, sentence in enumerate(candidates)
    ]


def _own(cued: Sequence[Mapping[str, float]], place: int) -> dict[str, float]:
    """Tell of the sentences on the text's own work the first from those that come after it."""
    before = any(cued[earlier][name] for earlier in range(place) for name in _OWN_WORK)
    now = any(cued[place][name] for name in _OWN_WORK)
    return {"first_own": float(now and not before), "own": float(now)}


def _place(place: int, count: int) -> dict[str, float]:
    return {
        "first": float(place == 0),
        "second": float(place == 1),
        "last": float(place == count - 1),
        "second_last": float(place == count - 2),
        "depth": place / max(count - 1, 1),
    }


def _length(sentence: str) -> dict[str, float]:
    return {"length": min(word_count(sentence), 60) / 60}


def _own_name(title: str) -> str:
    """Return the name that a title gives its subject before a colon, such as "OwlEar: hearing under snow"."""
    name, colon, _ = title.partition(":")
    return name.strip().lower() if colon and len(name.split()) <= _MOST_NAME_WORDS else ""


def _title(bag: Counter[str], title: Counter[str]) -> dict[str, float]:
    shared = len(bag.keys() & title.keys())
    return {"of_title": shared / max(len(title), 1), "title_share": shared / max(len(bag), 1)}


def _centrality(bags: Sequence[Counter[str]]) -> list[dict[str, float]]:
    """Return how close every sentence is to the others: the mean cosine of its TF-IDF vector to theirs."""
    spread = Counter(stem for bag in bags for stem in bag)
    vectors = [_unit({s: n * math.log(1 + len(bags) / spread[s]) for s, n in bag.items()}) for bag in bags]
    total: Counter[str] = Counter()
    for vector in vectors:
        total.update(vector)
    others = max(len(bags) - 1, 1)
    return [
        {
            "central": (sum(w * total[s] for s, w in vector.items()) - sum(w * w for w in vector.values())) / others,
            "repeated": sum(spread[s] > 1 for s in bag) / max(len(bag), 1),
        }
        for bag, vector in zip(bags, vectors, strict=True)
    ]


def _unit(vector: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
    return {stem: weight / length for stem, weight in vector.items()}
