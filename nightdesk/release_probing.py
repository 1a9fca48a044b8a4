"""Probing releases as they appear: noted in the store, each probed once, one after the other, beside everything else.

What is due is read from the store, so that it may be asked for at any time: a server that is stopped goes on where it
was when it is begun again, and of two on one folder one probes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from filelock import FileLock, Timeout

from core.errors import ConfigError, ModelUnreachable, NightdeskError
from core.ports import Clock, Progress, silent
from kb import release_probes
from kb.items import news_of
from kb.release_probes import ReleaseProbe
from nightdesk.config_endpoints import EndpointSettings
from nightdesk.probing import EPOCHS, FOLDER, Wish, caps_told, limits_of, missing_sandbox, month_seed, probe
from nightdesk.release_lines import not_probed, probed, put_off
from nightdesk.releases import asking_for, matched
from nightdesk.stages import write_files
from nightdesk.wiring import Desk
from probes.estimates import estimated
from probes.plan import Limits
from probes.stack import DEFAULT, Selection, selected, stack_folders

_DAY = timedelta(days=1)
_TRIED_AGAIN = timedelta(hours=1)
_TOKENS_WITHOUT_A_PRICE = 2_000_000


def _nights(when: datetime) -> tuple[date, ...]:
    """Return the nights that may tell of what was found at a time: it is told by the coming one, wherever one is."""
    return tuple(when.date() + step * _DAY for step in (-1, 0, 1))


@dataclass(frozen=True, slots=True)
class ReleaseProber:
    """What probing releases works with; ``tell`` takes a line on what was done."""

    desk: Desk
    clock: Clock
    tell: Progress

    @property
    def is_wanted(self) -> bool:
        """Whether any endpoint is waiting for releases."""
        settings = self.desk.settings
        return settings.probe.release.tier != "off" and any(one.releases for one in settings.endpoints)

    def work(self) -> None:
        """Note the releases that came and probe those that are due, unless another server does."""
        if not self.is_wanted:
            return
        self.note()
        try:
            with FileLock(self.desk.data_dir / "release-probe.lock").acquire(timeout=0):
                for due in self._due():
                    self._probe(due)
        except Timeout:
            return

    def note(self) -> None:
        """Write down the releases of these nights that an endpoint waits for, each once."""
        now, endpoints = self.clock(), self.desk.settings.endpoints
        with self.desk.store.reading() as connection:
            items = [item for night in _nights(now) for item in news_of(connection, night, "release")]
            found = release_probes.not_noted(connection, tuple(matched(items, endpoints, now)))
        if not found:
            return
        with self.desk.store.writing() as connection:
            new = release_probes.note(connection, found)
        for one in new:
            self.tell(f"{one.item_id} appeared: {one.model} is to be probed at {one.endpoint}")

    def _due(self) -> Iterator[ReleaseProbe]:
        now = self.clock()
        with self.desk.store.reading() as connection:
            waiting = release_probes.open_ones(connection)
        for one in waiting:
            if one.state == "under_way" or one.tried is None or one.tried <= now - _TRIED_AGAIN:
                yield one

    def _probe(self, due: ReleaseProbe) -> None:
        begun = replace(due, state="under_way", tried=self.clock())
        self._keep(begun)
        try:
            ended = self._probed(begun)
        except ModelUnreachable as error:
            ended = self._put_off(begun, error)
        except NightdeskError as error:
            ended = replace(begun, state="given_up", told=not_probed(begun, str(error)))
        except Exception:
            # Tried again and again it would ask the host each time.
            self._keep(replace(begun, state="given_up", told=not_probed(begun, "a fault of ours, which the log tells")))
            raise
        self._keep(ended)
        self.tell(f"{ended.model}: {ended.told}")
        for night in _nights(ended.found):
            write_files(self.desk, night)

    def _probed(self, begun: ReleaseProbe) -> ReleaseProbe:
        endpoint = self._endpoint(begun)
        wish = self._wish(endpoint, begun)
        estimate = estimated(wish.questions, wish.epochs, price=endpoint.price, at_once=endpoint.concurrency)
        self.tell(f"probing {begun.model} at {begun.endpoint}: {estimate}; {caps_told(wish.limits)}")
        if lacking := missing_sandbox(wish.questions):
            self.tell(lacking)
        run = probe(self._folder, endpoint, wish, self.clock(), silent)
        spent = float(run.spent) if run.plan.served.unit == "usd" else 0.0
        return replace(begun, state="done", run=run.plan.run, spent=spent, told=probed(run))

    def _put_off(self, begun: ReleaseProbe, error: ModelUnreachable) -> ReleaseProbe:
        if begun.found <= self.clock() - _DAY:
            return replace(begun, state="given_up", told=not_probed(begun, str(error)))
        return replace(begun, state="waiting", told=put_off(begun, str(error)))

    def _endpoint(self, begun: ReleaseProbe) -> EndpointSettings:
        found = next((one for one in self.desk.settings.endpoints if one.name == begun.endpoint), None)
        if found is None:
            raise ConfigError(f"there is no [[endpoint]] {begun.endpoint!r} any more")
        return asking_for(found, begun.model)

    def _wish(self, endpoint: EndpointSettings, begun: ReleaseProbe) -> Wish:
        probe_settings = self.desk.settings.probe
        tier = probe_settings.release.tier
        questions = selected(stack_folders(probe_settings.stacks), Selection(DEFAULT, (), tier))
        return Wish(questions, EPOCHS[tier], month_seed(begun.found), tier, self._limits(endpoint, begun))

    def _limits(self, endpoint: EndpointSettings, begun: ReleaseProbe) -> Limits:
        """Return the caps: what is left of the day's dollars, and for a quick look its minutes.

        Raises ConfigError when nothing is left.
        """
        settings = self.desk.settings.probe
        usual = limits_of(settings, endpoint, None)
        seconds = settings.release.max_minutes * 60 if settings.release.tier == "smoke" else usual.seconds
        if endpoint.price is None:
            tokens = min(usual.tokens or _TOKENS_WITHOUT_A_PRICE, _TOKENS_WITHOUT_A_PRICE)
            return replace(usual, seconds=seconds, tokens=tokens)
        left = self._left(begun)
        if left <= 0:
            raise ConfigError(f"the ${settings.release.usd_a_day:g} a day for releases are spent")
        return replace(usual, seconds=seconds, amount=left if usual.amount is None else min(usual.amount, left))

    def _left(self, begun: ReleaseProbe) -> Decimal:
        with self.desk.store.reading() as connection:
            spent = release_probes.spent_since(connection, (begun.tried or begun.found) - _DAY)
        return Decimal(str(round(self.desk.settings.probe.release.usd_a_day - spent, 4)))

    @property
    def _folder(self) -> Path:
        return self.desk.data_dir / FOLDER

    def _keep(self, one: ReleaseProbe) -> None:
        with self.desk.store.writing() as connection:
            release_probes.keep(connection, one)
