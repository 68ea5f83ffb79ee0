"""An address in, whether the page can be served there out."""

import socket

from corpus.errors import SettingsError


def check_address(host: str, port: int) -> None:
    """Raise `SettingsError` before any long work if nothing can be served at the address."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise unusable(host, port, error.strerror or str(error)) from error


def unusable(host: str, port: int, reason: str) -> SettingsError:
    """Return what tells that nothing can be served at an address, and why."""
    return SettingsError(
        f"Cannot serve at {host}:{port} ({reason}). Stop what uses it, or choose another address "
        "with --host and --port."
    )
