"""The forms a digest comes in, by the name that ``--format`` takes. Each is loaded when it is first asked for."""

import pkgutil
from collections.abc import Mapping

from core.digest import Digest
from core.errors import ConfigError

FORMS: Mapping[str, str] = {
    "terminal": "digests.terminal:to_terminal_text",
    "markdown": "digests.markdown:to_markdown",
    "html": "digests.page:to_page",
    "json": "digests.as_json:to_json_text",
    "slack-json": "digests.slack_blocks:to_builder_json",
    "atom": "digests.atom:to_single_feed",
    "mail": "digests.mail:to_draft",
}


def write(digest: Digest, form: str) -> str:
    """Return the digest as text in one of ``FORMS``. Raises ConfigError for another."""
    if form not in FORMS:
        raise ConfigError(f"there is no form {form!r} of a digest; there are {', '.join(FORMS)}")
    return str(pkgutil.resolve_name(FORMS[form])(digest))
