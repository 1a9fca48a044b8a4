import ssl
from collections.abc import Sequence
from typing import Any

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SourceError
from core.polls import Validators
from feeds.answer import Document, Fetch
from feeds.guard import GuardedBackend, GuardedTransport, guarded_transport, is_public, resolve
from feeds.http import fetcher, open_client
from tests.feeds.desk import NOW
from tests.servers.web import Web

PUBLIC = ("93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8", "64:ff9b::808:808")
SPECIAL = (
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"),  # noqa: S104
    *("169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.7", "198.18.0.1", "198.51.100.7", "203.0.113.9"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::"),
    *("fec0::1", "3fff::1", "192.88.99.1"),
    *("2001:0:7f00:1::1", "nonsense", ""),
)


class Sockets(httpcore.NetworkBackend):
    """Stands where sockets are opened: remembers what it was asked for and reaches loopback only."""

    def __init__(self, port: int = 0, broken: Sequence[str] = ()) -> None:
        self.opened: list[str] = []
        self._port = port
        self._broken = broken

    def connect_tcp(self, host: str, port: int, *rest: Any) -> httpcore.NetworkStream:  # noqa: ARG002
        self.opened.append(host)
        if not self._port or host in self._broken:
            raise httpcore.ConnectError("no socket is opened here")
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self._port)


def fetch_through(sockets: Sockets, *addresses: str, allow: Sequence[str] = ()) -> Fetch:
    backend = GuardedBackend(allow, lambda _host, _port: addresses, sockets)
    return fetcher(open_client("", GuardedTransport(backend)), lambda: NOW)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", SPECIAL)
def test_special_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_in_ipv6_clothes_is_what_it_is(address: object) -> None:
    assert is_public(f"::ffff:{address}") == is_public(f"64:ff9b::{address}") == is_public(str(address))


@pytest.mark.parametrize("address", [one for one in SPECIAL if one not in ("", "nonsense")])
def test_name_that_resolves_to_a_special_address_is_refused(address: str) -> None:
    sockets = Sockets()
    with pytest.raises(SourceError, match=r"lantern\.example is .*not on the public internet.*allow_hosts") as told:
        fetch_through(sockets, address)("http://lantern.example/feed", Validators())
    assert type(told.value) is SourceError
    assert sockets.opened == []


LITERALS = ("127.0.0.1", "[::1]", "169.254.169.254", "[::ffff:127.0.0.1]", "localhost", "2130706433", "0x7f.1", "0")


@pytest.mark.parametrize("host", LITERALS)
def test_special_address_written_out_is_refused(host: str) -> None:
    sockets = Sockets()
    fetch = fetcher(open_client("", GuardedTransport(GuardedBackend((), resolve, sockets))), lambda: NOW)
    with pytest.raises(SourceError):
        fetch(f"http://{host}/latest/meta-data", Validators())
    assert sockets.opened == []


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/", "http://[::1]/", "http://inside.example/", "//10.0.0.1/"]
)
def test_redirect_to_a_special_address_is_refused(web: Web, target: str) -> None:
    sockets = Sockets(web.port)
    names = {"lantern.example": ["93.184.216.34"], "inside.example": ["127.0.0.1"]}
    backend = GuardedBackend((), lambda host, _: names.get(host, [host]), sockets)
    fetch = fetcher(open_client("", GuardedTransport(backend)), lambda: NOW)
    web.says("/feed", b"", 302, location=target)
    with pytest.raises(SourceError, match="not on the public internet"):
        fetch("http://lantern.example/feed", Validators())
    assert sockets.opened == ["93.184.216.34"]
    assert len(web.asked) == 1


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://lantern.example/", "ftp://lantern.example/"])
def test_only_http_and_https_are_asked(web: Web, fetch: Fetch, target: str) -> None:
    with pytest.raises(SourceError, match="cannot fetch"):
        fetch(target, Validators())
    with pytest.raises(SourceError, match="no web address"):
        fetch(web.says("/old", b"", 302, location=target), Validators())


def test_checked_address_is_the_one_connected_to(web: Web) -> None:
    """A name that resolves to something else the second time (DNS rebinding) is asked once."""
    web.says("//lantern.example/feed", b"here")
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    sockets = Sockets(web.port)
    backend = GuardedBackend((), lambda _host, _port: next(answers), sockets)
    answer = fetcher(open_client("", GuardedTransport(backend)), lambda: NOW)(
        "http://lantern.example/feed", Validators()
    )
    assert isinstance(answer, Document)
    assert sockets.opened == ["93.184.216.34"]


def test_special_addresses_among_public_ones_are_left_out(web: Web) -> None:
    web.says("//lantern.example/feed", b"here")
    sockets = Sockets(web.port)
    fetch_through(sockets, "10.0.0.1", "8.8.8.8", "::1")("http://lantern.example/feed", Validators())
    assert sockets.opened == ["8.8.8.8"]


def test_next_address_is_tried_when_one_does_not_answer(web: Web) -> None:
    web.says("//lantern.example/feed", b"here")
    sockets = Sockets(web.port, broken=["2606:4700::1"])
    fetch_through(sockets, "2606:4700::1", "8.8.8.8")("http://lantern.example/feed", Validators())
    assert sockets.opened == ["2606:4700::1", "8.8.8.8"]


@pytest.mark.parametrize("allowed", ["Lantern.Example", "lantern.example.", " lantern.example"])
def test_allowed_host_may_be_anywhere(web: Web, allowed: str) -> None:
    web.says("//lantern.example/feed", b"here")
    sockets = Sockets(web.port)
    fetch_through(sockets, "10.0.0.1", allow=[allowed])("http://lantern.example/feed", Validators())
    assert sockets.opened == ["10.0.0.1"]


@pytest.mark.parametrize("allowed", ["example", "evil-lantern.example", "10.0.0.1"])
def test_another_hosts_permission_is_none(allowed: str) -> None:
    sockets = Sockets()
    with pytest.raises(SourceError, match="not on the public internet"):
        fetch_through(sockets, "10.0.0.1", allow=[allowed])("http://lantern.example/feed", Validators())
    assert sockets.opened == []


def test_default_client_is_guarded(web: Web) -> None:
    with open_client("") as client, pytest.raises(SourceError, match="not on the public internet"):
        fetcher(client, lambda: NOW)(web.says("/feed", b"here"), Validators())
    assert web.asked == []


def test_certificate_is_checked_against_the_name() -> None:
    seen: list[str | None] = []

    class Stream(httpcore.NetworkStream):
        def start_tls(
            self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
        ) -> httpcore.NetworkStream:
            seen.append(server_hostname)
            assert ssl_context.check_hostname
            raise httpcore.ConnectError(f"no handshake in {timeout}")

        def close(self) -> None:
            """Have nothing to close."""

    class Backend(Sockets):
        def connect_tcp(self, host: str, port: int, *rest: Any) -> httpcore.NetworkStream:  # noqa: ARG002
            return Stream()

    with pytest.raises(SourceError):
        fetch_through(Backend(), "8.8.8.8")("https://lantern.example/feed", Validators())
    assert seen == ["lantern.example"]


@pytest.mark.parametrize("host", LITERALS)
def test_special_address_is_refused_before_a_proxy_sees_it(
    web: Web, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("http_proxy", web.url(""))
    with open_client("", guarded_transport()) as client, pytest.raises(SourceError, match="not on the public internet"):
        fetcher(client, lambda: NOW)(f"http://{host}/feed", Validators())
    assert web.asked == []


def test_proxy_is_used_where_the_environment_names_one(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", web.url(""))
    web.says("http://lantern.example/feed", b"through the proxy")
    with open_client("", guarded_transport()) as client:
        answer = fetcher(client, lambda: NOW)("http://lantern.example/feed", Validators())
    assert isinstance(answer, Document)
    assert answer.body == b"through the proxy"


def test_unknown_name_is_told() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise httpcore.ConnectError(f"the name {host} cannot be resolved ({port})")

    backend = GuardedBackend((), unknown, Sockets())
    with open_client("", GuardedTransport(backend)) as client, pytest.raises(SourceError, match="cannot be resolved"):
        fetcher(client, lambda: NOW)("http://nowhere.example/", Validators())


def test_resolve_gives_addresses_once() -> None:
    assert resolve("127.0.0.1", 80) == ["127.0.0.1"]
    with pytest.raises(httpcore.ConnectError, match="cannot be resolved"):
        resolve("\x00", 80)
