"""Which texts may speak to whoever judges them, so that they are judged where they can sway nobody else.

A text is plain only if nothing speaks against it: it is visible, in English sentences, encodes nothing, addresses
nobody, and names neither scores to be given nor the texts beside it. The rules are wide on purpose: a plain text that
is held for one that speaks costs a call of its own, the reverse may cost a neighbour its verdict.
"""

import re
import unicodedata

from triage.fencing import visible

_JOINERS = frozenset("\u00ad\u200c\u200d\ufe0e\ufe0f\ufeff\n\t\r")
_OTHER_SCRIPT = re.compile(r"[^\W\d_a-zA-Z\u00aa-\u024f\u0370-\u03ff\u1d00-\u1eff\u2100-\u214f\ufb00-\ufb06]")
_MANY_LETTERS = 4
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE_END = re.compile(r"[.!?;:]+\s|\n")
_LONG_SENTENCE = 7
_NAMING_WORDS = 4
_COMMON = frozenset(
    "a about after all also among an and are as at based be been between both but by can do for from has have how in "
    "into is it its may more most new no not of on only or our over such than that the their these they this to "
    "towards under up use used using via was we were what when where which while who why with without within".split()
)
_SPEAKS = re.compile(
    r"""
    \b(?:you|your|yours|yourself|thou)\b
    | \b(?:ignore|ignoring|disregard\w*|overrule|pretend|obey|comply|bypass)\b
    | \b(?:forget|override|discard|follow)\s+(?:all|any|the|these|this|what|every\w*)\b
    | \binstructions?\b(?![\s-]+(?:tun|follow|fine))
    | \b(?:system\s+(?:prompt|message|note|turn|notice)|guidelines?\s+above|jail-?break\w*)\b
    | \bprompt[\s-]*injection\w*
    | \b(?:dear|attention|note\s+to|message\s+(?:to|for)|hey|hello|hi)\b[\s:,]+(?:\w+\s+){0,3}?
        (?:reader|reviewer|judge|model|assistant|ai|llm|grader|rater|desk|curator|editor|agent|bot)s?\b
    | \b(?:system|assistant|user|human|developer|tool|function|operator|admin\w*|result|verdict|output|response|answer)
        \s*(?:\(\w+\))?\s*[:=>\]]
    | \b(?:belongs?|tool_?calls?|tool\s+results?|function\s+results?|submit\w*)\b
    | \b(?:scores?|scored|scoring|rates?|rated|rating|grades?|graded|ranks?|marks?|marked|gives?|set|award)\W+
        (?:\w+\W+){0,5}?(?:10|ten|zero|0|maximum|highest|lowest|top|full|irrelevant|relevant|off-?topic|true|false)\b
    | \b(?:10|ten)\s*(?:/|out\s+of|of)\s*(?:10|ten)\b
    | \b(?:other|others|next|previous|preceding|following|remaining|rest|every|each|all|above|below|neighbou?r\w*
        |competing|tonight\W?s?|else)\s+(?:\w+\s+){0,3}?
        (?:cases?|items?|entr(?:y|ies)|candidates?|submissions?|articles?|stor(?:y|ies)|posts?|texts?|abstracts?
        |titles?|papers?|documents?|reasons?|releases?|listed|here|tonight)\b
    | \b(?:everything|anything|everyone|all)\s+(?:else|other|others)\b | \bthe\s+(?:others|rest)\b
    | \b(?:cases?|items?|entr(?:y|ies))\s+(?:\#?\d+|id|numbers?|[a-z]\b)
    | \b(?:irrelevant|off-?topic|out\s+of\s+scope|must\s+be\s+kept|must\s+read
        |(?:this|the)\s+(?:batch|digest|list|shortlist))\b
    | \b(?:base-?64|rot-?13|decod(?:e|ing)\s+(?:this|the\s+following)|in\s+reverse|backwards)\b
    | <\s*/?\s*[a-z!] | \[/?[A-Z]{3,}\] | ```|\{\s*["']|["']\s*:\s*(?:["'\[{\d]|true|false)|<\||\|>|\]~|‹
    | \b[\w+/=-]{40,}
    | (?:\b\w[ .\-_*]){6,}
    | (?:^|\s)[@＠]\w | \#{3,} | [-=*_]{5,}
    """,
    re.VERBOSE | re.IGNORECASE,
)


def speaks(text: str) -> bool:
    """Tell whether a text may address, or cannot be seen not to address, whoever judges it."""
    plain = unicodedata.normalize("NFKC", visible(text))
    return _hides(text) or bool(_SPEAKS.search(plain)) or _is_foreign(plain)


def _hides(text: str) -> bool:
    """Tell whether a text has what a person would not see; soft hyphens and joiners are harmless."""
    kept = "".join(char for char in text if char not in _JOINERS)
    return "<!--" in text or any(unicodedata.category(char) in ("Cf", "Cc", "Co", "Cs") for char in kept)


def _is_foreign(text: str) -> bool:
    """Tell whether a part of a text is not in English, or is in no language."""
    if len(_OTHER_SCRIPT.findall(text)) >= _MANY_LETTERS:
        return True
    parts = (_WORD.findall(part.casefold()) for part in _SENTENCE_END.split(text))
    return any(len(words) >= _LONG_SENTENCE and _COMMON.isdisjoint(words) for words in parts)


def names(text: str, title: str) -> bool:
    """Tell whether a text has so much of another's title that it may speak of it: four words of it in a row, or all."""
    wanted, words = _bare(title), f" {' '.join(_bare(text))} "
    width = min(_NAMING_WORDS, len(wanted))
    runs = (wanted[place : place + width] for place in range(len(wanted) - width + 1))
    return any(f" {' '.join(run)} " in words for run in runs if run and not _COMMON.issuperset(run))


def _bare(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", visible(text)).casefold())
