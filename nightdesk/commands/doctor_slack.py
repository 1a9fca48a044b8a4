"""``doctor --slack``: whether digests can be posted, and clicks arrive."""

from collections.abc import Iterator
from pathlib import Path

from core.errors import NightdeskError
from digests.sinks.slack import Options
from digests.slack_check import Finding, check, try_posting
from digests.slack_workspace import Workspace
from nightdesk.config import Settings, find_config, load_config
from nightdesk.recipients import recipients

_NO_TOKEN = "there is no bot token; set [slack] bot_token_env and the environment variable that it names"  # noqa: S105


def findings(config: Path | None, *, post: bool) -> Iterator[Finding]:
    """Yield what the workspace answers; ``post`` posts a test message to everybody who gets a digest there."""
    try:
        workspace = _workspace(load_config(find_config(config)))
    except NightdeskError:
        return  # told by the check of the configuration
    if workspace is None:
        yield Finding("bot token", "failed", _NO_TOKEN)
        return
    yield from check(workspace)
    if post:
        yield from try_posting(workspace)


def _workspace(settings: Settings) -> Workspace | None:
    options = settings.delivery.sinks.get("slack")
    if not isinstance(options, Options):
        return None
    readers = [recipient.reader for recipient in recipients(settings) if recipient.sink == "slack"]
    everybody = [*readers, settings.delivery.owner] if settings.delivery.owner else readers
    return Workspace(options.token, settings.delivery.app_token, tuple(everybody), options.base_url)
