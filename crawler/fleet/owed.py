"""The visits that a run still owes, and their shards: hosts that must be asked by one process alone stay together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checks.model.address import host_of
from checks.model.run_folder import RunFolder
from checks.model.service import PhaseGroup, Service
from crawler.discovery.plan import is_visited


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One visit to make: the first of a service, or the second of one in doubt."""

    service: Service
    visit: int = 1

    def to_json(self) -> dict[str, Any]:
        return {"service": self.service.to_json(), "visit": self.visit}

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Owed:
        return cls(service=Service.from_json(line["service"]), visit=line["visit"])


def visits_owed(folder: RunFolder) -> Iterator[Owed]:
    """The visits of a run whose captures are not whole yet.

    First visits: of services that are not stopped and have something to visit. Once they are over and judged, second
    ones: of services in doubt.
    """
    group = folder.grouping()
    first = folder.captured()
    again = {doubt.service for doubt in folder.read_doubts()} - folder.captured(2)
    for service in folder.to_visit():
        if group(service) is PhaseGroup.STOPPED or not is_visited(service):
            continue
        if service.id not in first:
            yield Owed(service=service)
        elif service.id in again:
            yield Owed(service=service, visit=2)


def shards(owed: Iterable[Owed], size: int, addresses: Mapping[str, str]) -> list[tuple[Owed, ...]]:
    """The visits in parts of ``size`` or fewer, in their order; those whose hosts are one, or live at one address, are in
    one part, which may then be longer: a limit for a host or a machine is kept by the one process that visits it.

    ``addresses`` gives the address of a host where it is known.
    """
    groups: dict[str, list[Owed]] = {}
    for one in owed:
        host = host_of(one.service.url or "")
        groups.setdefault(addresses.get(host, host) or f"#{one.service.id}", []).append(one)
    parts: list[tuple[Owed, ...]] = []
    filling: list[Owed] = []
    for group in groups.values():
        if filling and len(filling) + len(group) > size:
            parts.append(tuple(filling))
            filling = []
        filling += group
    return [*parts, tuple(filling)] if filling else parts
