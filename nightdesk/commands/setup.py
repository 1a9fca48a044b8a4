"""``init`` and ``demo``: the first minutes with nightdesk."""

from collections.abc import Iterable
from datetime import date
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

from core.errors import ConfigError, StoreError
from digests.forms import write
from kb import judgements
from nightdesk import stored_digest
from nightdesk.config import FILE_NAME, Settings, load_config
from nightdesk.durations import parse_duration
from nightdesk.night import NightReport, a_night, run_night
from nightdesk.output import progress, say
from nightdesk.wiring import Desk, replay

_SAMPLE = "sample"


def init(path: Path) -> None:
    """Write the annotated configuration; an existing file is never overwritten."""
    target = path / FILE_NAME if path.is_dir() else path
    if target.exists():
        raise ConfigError(f"{target} exists already; name another file, or edit that one")
    _copy(files("nightdesk") / "nightdesk.toml", target)
    say(f"wrote {target}")
    say("next: read it, then `nightdesk doctor`, then `nightdesk run`")


def _copy(template: Traversable, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(template.read_bytes())
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror}") from error


def demo(folder: Path) -> None:
    """Run the bundled nights, show the digest of the last one and name what is left to play with."""
    config = folder / FILE_NAME
    sample = files("nightdesk") / _SAMPLE
    if not config.exists():
        _copy(sample / FILE_NAME, config)
    settings = load_config(config)
    desk = Desk(settings)
    with as_file(sample) as recordings, progress() as report_progress:
        for recording in _nights(recordings):
            report_progress(f"replaying the night of {recording.name}")
            wire = replay(settings, recording)
            night = a_night(settings.timezone, date.fromisoformat(recording.name), parse_duration("24h"), wire.clock())
            report = run_night(desk, wire, night, report_progress)
    _show(desk, settings, report)


def _nights(recordings: Path) -> Iterable[Path]:
    return sorted(path for path in recordings.iterdir() if path.is_dir() and path.name[:1].isdigit())


def _show(desk: Desk, settings: Settings, report: NightReport) -> None:
    with desk.store.reading() as connection:
        content = judgements.find_digest(connection, report.night) or {}
    print(write(stored_digest.load(content), "terminal"))  # noqa: T201 - the digest is what was asked for
    say(f"the digest as a page: {report.page}")
    say(f"and as Markdown:      {report.markdown}")
    say("search what it read:")
    say(f'  nightdesk search "reward hacking" --config {settings.path}')
