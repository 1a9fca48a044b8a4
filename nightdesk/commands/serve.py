"""``serve``: the night at its hour, letters at theirs, and an eye on model releases, until it is stopped."""

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

from core.errors import ConfigError, NightdeskError
from core.ports import silent, system_clock
from nightdesk.config import Settings, find_config, load_config
from nightdesk.ear.listening import listening
from nightdesk.morning import deliver_due
from nightdesk.output import say
from nightdesk.release_probing import ReleaseProber
from nightdesk.serving import Server
from nightdesk.waking import stopped_by_signals, wake
from nightdesk.wiring import Desk, network

_EVERY = 30.0
_log = logging.getLogger("nightdesk")


def serve(config: Path | None) -> int:
    """Serve until SIGTERM or SIGINT, then return the exit code.

    Raises ConfigError when there is nothing to serve.
    """
    settings = load_config(find_config(config))
    _refuse_idle(settings)
    _log_to_stderr()
    for line in settings.unused:
        say(f"note: {line}")
    desk = Desk(settings)
    server = Server(desk, network(settings), lambda now: deliver_due(desk, now, silent), _log.info, silent)
    prober = ReleaseProber(desk, system_clock, _log.info)
    _log.info("serving %s: %s", settings.path, _plan(settings))
    calls = {"work": server.work, "letters": server.deliver_if_due}
    # A probe keeps nobody waiting, and is as safe to be killed as a night.
    calls |= {"probes": prober.work} if prober.is_wanted else {}
    with stopped_by_signals() as stop, listening(desk, _log.info):
        is_over = wake({name: _survives(call) for name, call in calls.items()}, _EVERY, stop)
    _log.info("stopped")
    if not is_over:
        # What runs is safe to be killed: the store holds what was done, and the next start goes on there.
        sys.stderr.flush()
        os._exit(0)
    return 0


def _refuse_idle(settings: Settings) -> None:
    if not settings.sources:
        raise ConfigError(f"{settings.path}: there is no [[source]] to serve; `nightdesk sources add URL` adds one")


def _plan(settings: Settings) -> str:
    schedule = settings.schedule
    return f"the night at {schedule.night.at:%H:%M} and digests at {schedule.digest.at:%H:%M} {settings.timezone}"


def _log_to_stderr() -> None:
    logging.basicConfig(format="%(asctime)s %(message)s", datefmt="%Y-%m-%d %H:%M:%S", stream=sys.stderr)
    _log.setLevel(logging.INFO)


def _survives(call: Callable[[], None]) -> Callable[[], None]:
    """Make a call that tells of a failure and lets the next one try again."""

    def tried() -> None:
        try:
            call()
        except NightdeskError as error:
            _log.error("%s", error)
        except Exception:  # noqa: BLE001 - a night that failed for a fault of ours must not end the nights to come
            _log.exception("failed; tried again in %d s", _EVERY)

    return tried
