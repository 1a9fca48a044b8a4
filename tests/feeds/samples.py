"""One good answer of every kind of source, in the form of the real one, with made-up content."""

import json

from core.sources import SourceSpec
from feeds.sources import source

ARXIV = """<?xml version="1.0" encoding="UTF-8"?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
<title>cs.CL updates</title><item><title>Lanterns in $\\mathcal{O}(n)$</title>
<link>https://arxiv.org/abs/3103.00017</link><guid isPermaLink="false">oai:arXiv.org:3103.00017v1</guid>
<description>arXiv:3103.00017v1 Announce Type: new Abstract: We light 12% of $n$ lamps, for n&lt;k.</description>
<dc:creator>Mirela Quandt, Osric Vell</dc:creator><category>cs.CL</category><category>cs.AI</category>
<pubDate>Fri, 14 Mar 2031 00:00:00 -0400</pubDate><arxiv:announce_type>new</arxiv:announce_type>
</item></channel></rss>"""
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Lantern Labs</title><item>
<title>Oil</title><link>https://lantern.example/oil/?utm_source=feed</link><guid>oil-17</guid>
<description>We changed the oil.</description><pubDate>Fri, 14 Mar 2031 05:30:00 GMT</pubDate></item></channel></rss>"""
GITHUB = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Release notes from wick</title><entry>
<id>tag:github.com,2008:Repository/17/v2.0</id><updated>2031-03-13T22:00:00Z</updated><title>Wick 2: brighter</title>
<link rel="alternate" type="text/html" href="https://github.com/Lumen/Wick/releases/tag/v2.0"/>
<content type="html">&lt;p&gt;Brighter by half.&lt;/p&gt;</content><author><name>oilhand</name></author></entry>
</feed>"""
MODELS = [
    {
        "id": "Lumen/Glimmer-2-8B",
        "createdAt": "2031-03-13T20:00:00.000Z",
        "tags": ["license:mit", "base_model:Lumen/Glimmer-2-32B", "base_model:quantized:Lumen/Glimmer-2-32B"],
        "pipeline_tag": "text-generation",
        "library_name": "transformers",
        "private": False,
    }
]
PAPERS = [
    {
        "paper": {
            "id": "3103.00017",
            "title": "Lanterns at\nnight",
            "summary": "We light $n$ lamps.",
            "authors": [{"name": "Mirela Quandt"}, {"name": " "}],
            "publishedAt": "2031-03-11T17:00:00.000Z",
            "submittedOnDailyAt": "2031-03-13T20:00:00.000Z",
            "upvotes": 17,
        }
    }
]
OPENROUTER = {
    "data": [
        {
            "id": "lumen/glimmer-2",
            "name": "Lumen: Glimmer 2",
            "created": 1_931_148_000,
            "description": "A [small](https://lantern.example/) lamp.",
            "context_length": 131072,
            "pricing": {"prompt": "0.00000025", "completion": "0.000001"},
            "architecture": {"modality": "text->text"},
        }
    ]
}

SAMPLES: dict[str, tuple[str, dict[str, object]]] = {
    "arxiv": (ARXIV, {"category": "cs.CL"}),
    "github_releases": (GITHUB, {"repo": "Lumen/Wick"}),
    "huggingface_models": (json.dumps(MODELS), {"orgs": ("Lumen",)}),
    "huggingface_papers": (json.dumps(PAPERS), {}),
    "openrouter": (json.dumps(OPENROUTER), {}),
    "rss": (RSS, {"url": "https://lantern.example/feed.xml"}),
}
"""By kind: an answer, and the options of a source that gives it. A new kind needs a line here."""


def spec_of(kind: str, *, replacements: bool = False, **options: object) -> SourceSpec:
    chosen = source(kind).Options(**(options or SAMPLES[kind][1]))
    return SourceSpec(kind, f"the {kind} source", chosen, replacements=replacements)
