"""Words by which a sentence tells what it is: a contribution, a result, background, an aside.

Written by hand; English, with the commonest phrases of Chinese and Japanese. All are searched for in lower case.
"""

import re
from collections.abc import Mapping

_OWN = r"\b(?:we|authors?|i) (?:\w+ ){0,2}?(?:"

CUES: Mapping[str, str] = {
    "we_propose": rf"{_OWN}propos|introduc|present|develop|design|describ|devis|suggest|put forward|formulat|construct"
    r"|build|built|creat|defin|deriv|extend)|我们(?:提出|设计|开发|构建|引入|介绍)|提案する|提案します|提案した|제안(?:한다|합니다|했다|하였다)",
    "we_show": rf"{_OWN}show|find|found|demonstrat|prov|observ|establish|reveal|discover|argu|verif)"
    r"|我们(?:发现|证明|表明|展示)|示す|示した|明らかに",
    "we_study": rf"{_OWN}stud[yi]|investigat|explor|examin|analy[sz]|consider|address|tackl|focus|ask|revisit|evaluat"
    r"|compar)|我们(?:研究|探讨|分析|评估)",
    "we_train": rf"{_OWN}train|us|appl|employ|learn|combin|leverag|adopt|perform|conduct|test)",
    "this_work": r"\b(?:this|our|the present) (?:paper|work|study|article|report|thesis|post|release|manuscript)\b"
    r"|本文|本研究|本论文|本論文|本稿|(?:본|이) (?:논문|연구)",
    "in_this_work": r"^(?:in th(?:is|e present)|here,? we|to this end|to (?:address|tackle|overcome|solve|fill|bridge)"
    r"|motivated by|inspired by)|^为此|^在本文",
    "begins_with_we": r"^(?:we|our)\b|^我们|^我々",
    "begins_with_this": r"^(?:this|these|it|they|such|its|their)\b|^这|^它|^これ",
    "begins_further": r"^(?:moreover|furthermore|additionally|in addition|also|finally|lastly|besides|then|next|second"
    r"|third|first|last)\b|^此外|^另外|^最后|^さらに|^また",
    "begins_in_detail": r"^(?:specifically|in particular|particularly|concretely|for (?:example|instance)|namely"
    r"|notably|more (?:specifically|precisely)|that is|importantly|interestingly)\b|^具体|^例如|^例えば",
    "result": r"\b(?:results?|experiments?|evaluations?|empirical|empirically|benchmarks?)\b|实验|结果|実験|結果",
    "better": r"\b(?:outperform|improv|achiev|reduc|surpass|exceed|faster|state[- ]of[- ]the[- ]art|gains?\b|better"
    r"|compared (?:to|with)|superior|competitive|higher|lower|fewer|significant)"
    r"|优于|提升|超过|减少|降低|提高|向上|上回る",
    "figure": r"\d",
    "new": r"\b(?:novel|new|first|simple|general|efficient|effective)\b|新的|首个|全新|新たな",
    "method": r"\b(?:method|approach|framework|algorithm|model|architecture|technique|system|dataset|benchmark|theory"
    r"|procedure|scheme|strategy|mechanism|objective|loss|network)s?\b|方法|模型|框架|算法|手法|モデル",
    "purpose": r"\b(?:that|which|to|for|by|allow|enable) \w",
    "background": r"\b(?:ha(?:s|ve) (?:\w+ )?(?:gained|become|emerged|shown|attracted|achieved|been|seen|led|received)"
    r"|widely|remains?|recent|recently|modern|critical|critically|essential|increasingly)\b|近年|广泛|広く",
    "is_a": r"^(?:the |a |an )?\S+(?: \S+){0,5} (?:is|are|can be|may be|have|has)\b",
    "two_parts": r"[;:—]| – ",
}

KINDS: Mapping[str, str] = {
    "releases": rf"{_OWN}(?:re |are |is )?(?:releas|announc|launch|ship|open-sourc|publish|unveil|roll(?:ing|ed)? out))"
    r"|\bwe(?:['’]re| are) (?:\w+ )?(?:releasing|announcing|launching|introducing|excited|happy|pleased|proud|thrilled)"
    r"|\b(?:is|are) now (?:\w+ )?available|^(?:announcing|introducing|today)\b|发布|推出|开源|公開|発表|リリース",
    "tells_of_itself": r"^(?:this|the) (?:\w+ ){0,2}(?:model|repo|repository|dataset|package|library|card|version"
    r"|release|update|checkpoint|post|guide)\b (?!card)"
    r"|^(?:该|本|此)(?:模型|版本|数据集|仓库)|^(?:この|本)(?:モデル|リポジトリ)",
    "adds": r"^(?:feat(?:ure)?\b|add|support|introduc|new\b|now\b|enabl|allow|implement|improv|speed)|新增|支持|追加",
    "offer": r"\b(?:available|released|found|accessed|published|public)\b.{0,9}(?:\b(?:at|here|upon|via|under|publicly"
    r"|online|through|from)\b|\.$)|\b(?:release|open-source|publish|make) (?:\w+ ){0,4}(?:code|data|datasets?)\b"
    r"|代码.{0,9}(?:开源|公开|发布)",
    "links": r"(?<!\]\()https?://(?!\S+/(?:pull|issues|commit)/)|\bwww\.",
    "calls": r"\b(?:subscribe|sign up|signup|read more|learn more|click|cookies?|newsletter|follow us|join us"
    r"|stay tuned|thanks?|check out|contact us|full changelog|more information needed|continue reading|comments?"
    r"|get started|originally (?:published|appeared)|appeared first|register|webinar|podcast|episode|sponsor(?:ed|s)?"
    r"|we['’]d love)"
    r"\b|订阅|点击|关注我们|登録",
    "points": r"^(?:the |in the )?(?:following|table|figure)\b|\b(?:following|below|above|next) (?:table|figure"
    r"|results?|code|example|commands?|snippet|section|script)|\bas follows\b"
    r"|\b(?:please|see|refer to) (?:the|use|see|our)"
    r"|\bresults? (?:is|are|on|of|below)\b.{0,40}\b(?:listed|shown|reported|below|tasks)|\bhow to use\b"
    r"|下表|如下|以下",
    "asks": r"[?？]$",
    "leads_on": r"[:：]$",
    "does_not_end": r"[^.!?。！？｡…।؟\"'”’)」』*_]$",
    "is_markup": r"\]\(|\*\*|__|`|\$|\\[a-z]|</|[{}<>=]|@\w|#\d+|\b[0-9a-f]{7,40}\b|\||\[[^\]]*\]\[",
    "is_legal": r"\b(?:licen[cs]ed?|copyright|all rights reserved|disclaimer|citation|cite|bibtex|terms of)\b",
    "chats": r"^(?:hi|hello|hey|welcome|dear|ok|okay|so|well|now|imagine|let['’]s|let us|if you)\b|!$|\bi\b|\byou\b",
    "keeps_house": r"^(?:bump|bug|fix|chore|ci\b|docs?\b|merge|revert|typo|refactor|minor|deps|build|test|updated?"
    r" (?:dep|readme|version)|remov|clean)",
    "credits": r"\bby @[\w-]+(?:\[bot\])? in (?:https?://|#\d)|\bfirst contribution\b",
    "only_quotes": r"^[\"“「][^\"”」]*[\"”」][.。]?$",
    "leans_back": r"^(?:(?:this|these|those|that|it|they|he|she|such|its|their)\b(?! (?:\w+ )?(?:paper|work"
    r"|study|article|report|post|release|model|repo|repository|dataset|package|library|version|update|guide|thesis)\b)"
    r"|(?:and|but|or|also|instead|there|then|as a result|after that|similarly|second|third)\b)",
}

_CUES = {name: re.compile(pattern, re.ASCII) for name, pattern in CUES.items()}
_KINDS = {name: re.compile(pattern, re.ASCII) for name, pattern in KINDS.items()}

# A small letter, unless a name such as eBPF or pre-trained-7b begins.
_BEGINS_AMID = re.compile(r"[a-z]+[\s,]")


def cues(sentence: str) -> dict[str, float]:
    """Return for each cue 1 where a sentence has it, and 0 where not."""
    sentence = sentence.lower()
    return {name: float(pattern.search(sentence) is not None) for name, pattern in _CUES.items()}


def kinds(sentence: str) -> frozenset[str]:
    """Return what a sentence is besides: a release's own words, or an aside."""
    lowered = sentence.lower()
    found = frozenset(name for name, pattern in _KINDS.items() if pattern.search(lowered))
    return found | {"begins_amid"} if _BEGINS_AMID.match(sentence) else found
