from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait

from checks.model.address import host_of
from checks.model.service import Service
from crawler.private_addresses import proxy_hosts

LONGEST = 10.0
"""Seconds given to the resolver for all the hosts of a run; one whose address is not known by then is taken for alone."""

_AT_ONCE = 50


def addresses_of(services: Iterable[Service]) -> Mapping[str, str]:
    """The address at which the host of each service lives, as far as the resolver tells in :data:`LONGEST` seconds, or in a
    hundredth of a second a host if that is longer. Nothing behind a proxy, which alone knows."""
    hosts = {host_of(service.url) for service in services if service.url}
    if proxy_hosts():
        return {}
    pool = ThreadPoolExecutor(max_workers=_AT_ONCE)
    asked = {host: pool.submit(_address, host) for host in sorted(hosts)}
    wait(asked.values(), timeout=max(LONGEST, len(hosts) / 100))
    pool.shutdown(wait=False, cancel_futures=True)
    known = {host: answer.result() for host, answer in asked.items() if answer.done() and not answer.cancelled()}
    return {host: address for host, address in known.items() if address}


def _address(host: str) -> str | None:
    try:
        return socket.gethostbyname(host)
    except (OSError, UnicodeError):
        return None
