"""Connections that only ever reach public addresses, in time: the last step before a socket is opened.

A name is resolved here, its addresses are checked, and the checked address is the one connected to, so that a name that
resolves anew to another address gains nothing (DNS rebinding). Which addresses are special: RFC 6890, 4291 and 6052.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.request import getproxies

import httpcore
import httpx

_NAT64 = IPv6Network("64:ff9b::/96")
# Special as well, and taken for global by the standard library: site-local, documentation, 6to4 relays.
_SPECIAL = (IPv6Network("fec0::/10"), IPv6Network("3fff::/20"), IPv4Network("192.88.99.0/24"))
_CONNECTIONS = httpx.Limits(max_connections=64, max_keepalive_connections=32)
_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)

Resolve = Callable[[str, int], Sequence[str]]


class RefusedAddress(httpcore.ConnectError):
    """The host is, or resolves to, an address that is not on the public internet."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let every connection used in this context end with a timeout when ``seconds`` have passed in all."""
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def is_out_of_time() -> bool:
    """Tell whether the time that ``within`` gave has passed."""
    deadline = _deadline.get()
    return deadline is not None and time.monotonic() >= deadline


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet, and so is the IPv4 address that it may carry."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return all(_is_public(one) for one in _reached(ip))


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    is_special = ip.is_multicast or ip.is_reserved or any(ip in network for network in _SPECIAL)
    return ip.is_global and not is_special


def _reached(ip: IPv4Address | IPv6Address) -> tuple[IPv4Address | IPv6Address, ...]:
    """Return the address itself, or the IPv4 address that it stands for; 6to4 and Teredo reach both."""
    if isinstance(ip, IPv4Address):
        return (ip,)
    if ip.ipv4_mapped or ip in _NAT64:
        return (IPv4Address(int(ip) & 0xFFFFFFFF),)
    return tuple(one for one in (ip, ip.sixtofour, *(ip.teredo or ())) if one is not None)


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host, in the system's order of preference.

    Raises httpcore.ConnectError when it has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"the name {host} cannot be resolved ({error})") from error
    return list(dict.fromkeys(str(address[4][0]) for address in found))


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to public addresses, and to the hosts that are allowed whatever their address."""

    def __init__(
        self, allow_hosts: Iterable[str], resolve: Resolve = resolve, onward: httpcore.NetworkBackend | None = None
    ) -> None:
        """Allow hosts by name or address; ``onward`` opens the sockets."""
        self._allowed = frozenset(_bare(host) for host in allow_hosts)
        self._resolve = resolve
        self._onward = onward or httpcore.SyncBackend()

    def connect_tcp(  # noqa: D102 - the base class's
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        addresses = self._resolve(host, port)
        if _bare(host) not in self._allowed:
            addresses = [address for address in addresses if is_public(address)] or _refuse(host, addresses)
        for address in addresses[:-1]:
            try:
                return self._connect(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(addresses[-1], port, timeout, local_address, socket_options)

    def _connect(self, address: str, port: int, timeout: float | None, *rest: Any) -> httpcore.NetworkStream:
        return _TimedStream(self._onward.connect_tcp(address, port, _left(timeout), *rest))


def _bare(host: str) -> str:
    return host.strip().strip("[]").rstrip(".").lower()


def _refuse(host: str, addresses: Sequence[str]) -> list[str]:
    found = f"{host} is {addresses[0]}" if addresses and addresses[0] != host else host
    raise RefusedAddress(
        f"{found}, which is not on the public internet; if that is meant, name {host} in [fetch] allow_hosts"
    )


def _left(timeout: float | None) -> float | None:
    """Return the shorter of a timeout and what is left of the request's time."""
    deadline = _deadline.get()
    if deadline is None:
        return timeout
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the answer takes too long in all")
    return left if timeout is None else min(timeout, left)


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step must end before the request's deadline."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class GuardedTransport(httpx.HTTPTransport):
    """httpx's transport over guarded connections."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        """Make a pool of connections that ``backend`` opens."""
        context = httpx.create_ssl_context()
        super().__init__(verify=context)
        # httpx has no public way to choose how sockets are opened; a test sees that this one takes effect.
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=_CONNECTIONS.max_connections,
            max_keepalive_connections=_CONNECTIONS.max_keepalive_connections,
            keepalive_expiry=_CONNECTIONS.keepalive_expiry,
            network_backend=backend,
        )


def guarded_transport(allow_hosts: Iterable[str] = ()) -> httpx.BaseTransport:
    """Return the transport to the network.

    Where the environment names a proxy, that one resolves names; only special addresses written out and local names
    are refused then.
    """
    proxy = next((getproxies().get(scheme) for scheme in ("https", "http", "all") if getproxies().get(scheme)), None)
    if proxy is None:
        return GuardedTransport(GuardedBackend(allow_hosts))
    return _ThroughProxy(proxy, frozenset(_bare(host) for host in allow_hosts))


class _ThroughProxy(httpx.HTTPTransport):
    def __init__(self, proxy: str, allowed: frozenset[str]) -> None:
        super().__init__(proxy=proxy, limits=_CONNECTIONS)
        self._allowed = allowed

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = _bare(request.url.host)
        if host not in self._allowed and (host.endswith("localhost") or (_is_literal(host) and not is_public(host))):
            raise httpx.ConnectError(f"{host} is not on the public internet; if meant, name it in [fetch] allow_hosts")
        return super().handle_request(request)


def _is_literal(host: str) -> bool:
    # What the system's resolver takes for an address, 2130706433 and 0x7f.1 included.
    try:
        socket.inet_aton(host)
    except OSError:
        return ":" in host
    return True
