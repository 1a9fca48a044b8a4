"""The templates beside this module, in which other people's text is escaped and cleaned wherever it is printed."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from digests import wording
from digests.outside import plain, plain_title, safe_link


@cache
def environment() -> Environment:
    """Return the environment that finds and fills them; ``say`` gives a template the words of every form."""
    made = Environment(
        loader=PackageLoader("digests", "."),
        autoescape=True,
        finalize=_cleaned,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals["say"] = wording
    made.filters |= {"title_text": plain_title, "href": safe_link}
    return made


def _cleaned(value: object) -> object:
    """Clean every string that a template prints; what it has already marked as HTML passes."""
    return plain(value) if type(value) is str else value
