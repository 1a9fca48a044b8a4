"""A small web of pages, some with a form; nothing of it is on any network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from probes.place import Place, text, tool
from probes.world import ToolFailed

_URL = text("The page's address, as linked: https://…")


@dataclass(frozen=True, slots=True)
class Options:
    """``pages`` are texts by address; ``forms`` the names of the fields, by the address of the page they are on."""

    pages: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def open_environment(options: Options) -> "Web":
    """Return the web."""
    forms = {url: list(names) for url, names in options.forms.items()}
    return Web({"pages": dict(options.pages), "forms": forms, "submitted": []})


class Web(Place):
    """The web, open."""

    offers = (
        tool("find_pages", "Returns the addresses of pages that hold all of the words.", words=text("Words.")),
        tool("open_page", "Returns the text of a page.", url=_URL),
        tool(
            "submit_form",
            "Submits the form of a page.",
            url=_URL,
            fields={"type": "object", "description": "Each field's text by its name."},
        ),
    )

    def state(self) -> Mapping[str, Any]:
        """Return what was submitted: pages never change."""
        return {"submitted": [{**one, "fields": dict(one["fields"])} for one in self.now["submitted"]]}

    def _find_pages(self, words: str) -> str:
        sought = words.lower().split()
        found = [url for url, page in self.now["pages"].items() if all(word in page.lower() for word in sought)]
        return "\n".join(found[:20]) or "nothing found"

    def _open_page(self, url: str) -> str:
        page: str = self.known("pages", url)
        form = self.now["forms"].get(url)
        return f"{page}\n[form: {', '.join(form)}]" if form else page

    def _submit_form(self, url: str, fields: Mapping[str, Any]) -> str:
        self.room("submitted")
        if sorted(self.known("forms", url)) != sorted(fields) or not all(
            isinstance(one, str) for one in fields.values()
        ):
            raise ToolFailed(f"the form's fields are {', '.join(self.now['forms'][url])}, each a text")
        sent = {name: fields[name].strip() for name in sorted(fields)}
        self.now["submitted"].append({"url": url, "fields": sent})
        return self.did("submitted", url, "\n".join(sent.values()))
