"""Which addresses of the network may be asked, and a connection that goes to no other.

An address in a catalogue or in a redirect must not make this machine ask what only it can reach:
its own services, the neighbours' printers, a cloud's metadata (server-side request forgery). The
name is resolved once, what it resolves to is checked, and the connection goes to just that.
"""

import ipaddress
import socket
from collections.abc import Callable

import httpx

from corpus.errors import FetchError

Resolve = Callable[[str, int], list[str]]
IsAllowed = Callable[[str], bool]

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Tell whether a numeric address, and any that is wrapped in it, is reachable by everyone."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    wrapped: list[ipaddress.IPv4Address | None] = []
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in _NAT64:
            wrapped.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    inner = [one for one in wrapped if one is not None]
    return all(one.is_global for one in inner) and (
        bool(ip.version == 6 and inner) or (ip.is_global and not ip.is_multicast)
    )


def any_address(address: str) -> bool:
    """Allow every address, for publishers inside a private network."""
    return bool(address)


def check_address(url: str) -> httpx.URL:
    """Return an address as it is asked; raises `FetchError` if it is none of the web."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise FetchError(f"{url!r} is no address of the web: {error}") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise FetchError(
            f"{url!r} is no address of the web; it must begin with https:// or http://"
        )
    if not 0 < (parsed.port or 80) < 2**16:
        raise FetchError(f"{url!r} is no address of the web: there is no port {parsed.port}")
    if parsed.userinfo:
        raise FetchError(f"the address of {parsed.host} holds a name or password; leave it out")
    return parsed.copy_with(fragment=None)


def resolve(host: str, port: int) -> list[str]:
    """Return the numeric addresses of a host; raises `OSError` if it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class GuardedTransport(httpx.BaseTransport):
    """Connects to allowed addresses only; the certificate is still checked against the name."""

    def __init__(self, is_allowed: IsAllowed = is_public, resolve: Resolve = resolve) -> None:
        self._is_allowed = is_allowed
        self._resolve = resolve
        # One for each host: two names at one address must not share a connection.
        self._transports: dict[str, httpx.HTTPTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response of the first allowed address of the host that can be reached.

        Raises `FetchError` if none is allowed.
        """
        host = request.url.host
        transport = self._transports.setdefault(host, httpx.HTTPTransport())
        *others, last = self._allowed(host, request.url.port or 443)
        for address in others:
            try:
                return transport.handle_request(_pinned(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return transport.handle_request(_pinned(request, last))

    def close(self) -> None:
        """Close every connection."""
        for transport in self._transports.values():
            transport.close()

    def _allowed(self, host: str, port: int) -> list[str]:
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"the host {host} cannot be found") from error
        allowed = [address for address in found if self._is_allowed(address)]
        if not allowed:
            message = (
                f"{host} is at {', '.join(found)}, inside a private network, and is not asked. "
                "If it is meant, use --allow-private"
            )
            raise FetchError(message)
        return allowed


def _pinned(request: httpx.Request, address: str) -> httpx.Request:
    """Return the request to the numeric address, its Host header and certificate name kept."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address.partition("%")[0]),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )
