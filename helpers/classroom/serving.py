"""Servers on this machine: ports that nobody listens at, and waiting until a server answers."""

import socket
import time
import urllib.error
import urllib.request


def free_ports(count):
    """Ports of this machine that nobody listens at, as numbers."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def answers(url, process, within):
    """Wait so many seconds until `url` is served; returns False if it is not, or `process` ends before."""
    end = time.monotonic() + within
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False
