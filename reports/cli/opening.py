"""Begins a run, or goes on with the one that the same command began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from checks.catalogue import BY_ID
from checks.model.canary import Canary
from checks.model.errors import InputError
from checks.model.place import Place, replacing
from checks.model.run_folder import RunFolder
from checks.model.service import PhaseGroup, PhaseRule, Service
from crawler.discovery.plan import DEFAULT_CEILING, is_visited
from crawler.discovery.sight import Render
from crawler.registry import Registry, read_registry
from crawler.visit import DEFAULT_PATIENCE
from reports.cli.console import say, warn
from reports.cli.judging import ruleset
from reports.cli.options import iso, now
from reports.health.canaries import read_canaries

SECOND_VISIT = 30.0
"""Seconds after which a service in doubt is visited again, at least."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
RESUMABLE = timedelta(days=1)
"""How long the same command goes on with a run that was cut short: captures of other days would not be of one audit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which services of a registry are audited; empty fields select all."""

    ids: tuple[str, ...] = ()
    incubator: str | None = None
    phase: str | None = None
    limit: int | None = None

    def of(self, services: Sequence[Service], rule: PhaseRule, as_of: str | None) -> tuple[Service, ...]:
        """Raises :class:`InputError` when an id is unknown or nothing is left."""
        unknown = set(self.ids) - {service.id for service in services}
        if unknown:
            raise InputError(f"--only : aucun service {', '.join(sorted(unknown))} dans ce registre.")
        chosen = [
            service
            for service in services
            if (not self.ids or service.id in self.ids)
            and (not self.incubator or self.incubator in service.incubators)
            and (not self.phase or service.group(rule, as_of) == self.phase)
        ]
        if not chosen:
            raise InputError("Aucun service du registre ne répond à ces choix (--only, --phase, --incubator).")
        return tuple(chosen[: self.limit])


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run was asked to do, kept in ``run.json`` so that every stage reads the same."""

    selection: Selection
    phase_rule: PhaseRule
    as_of: date | None
    render: Render = Render.AUTO
    allow_private: bool = False
    timeout: float | None = None
    second_visit: float = SECOND_VISIT
    canaries: Path | None = None

    def to_json(self) -> dict[str, Any]:
        chosen = self.selection
        return {
            "ceiling": DEFAULT_CEILING,
            "patience": DEFAULT_PATIENCE,
            "phase_rule": self.phase_rule,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "render": self.render.value,
            "allow_private": self.allow_private,
            "second_visit": self.second_visit,
            "canaries": f"sha256:{sha256(self.canaries.read_bytes()).hexdigest()}" if self.canaries else None,
            **({"timeout": self.timeout} if self.timeout else {}),
            "only": list(chosen.ids),
            "incubator": chosen.incubator,
            "phase": chosen.phase,
            "limit": chosen.limit,
        }


def open_run(source: str, runs: Place, settings: Settings) -> RunFolder:
    """Reads a registry and opens a run for it: a new one, or the one that was cut short while it did the very same.

    Nothing is written if the registry or the canaries cannot be used.
    """
    registry = read_registry(source)
    as_of = settings.as_of.isoformat() if settings.as_of else None
    services = settings.selection.of(registry.services, settings.phase_rule, as_of)
    visited = {
        service.id: service
        for service in services
        if service.group(settings.phase_rule, as_of) is not PhaseGroup.STOPPED and is_visited(service)
    }
    canaries = read_canaries(settings.canaries, visited, BY_ID) if settings.canaries else ()
    unfinished = _unfinished(runs, services, settings)
    if unfinished:
        say(f"L'audit {unfinished.id}, interrompu, est repris là où il en était.")
        return unfinished
    warn(registry.warnings)
    started = now()
    folder = RunFolder.create(runs, started)
    folder.registry.write_bytes(registry.raw)
    folder.write_services(services)
    _write_canaries(folder, canaries)
    folder.update(_described(folder, registry, services, settings, started))
    return folder


def _unfinished(runs: Place, services: Sequence[Service], settings: Settings) -> RunFolder | None:
    """The latest run of the same services and settings, if it was cut short less than a day ago."""
    asked = settings.to_json()
    for run in RunFolder.all(runs):
        state = run.state
        if now() - _began(state) > RESUMABLE:
            return None
        if state.get("settings") == asked and tuple(run.read_services()) == tuple(services):
            return None if "report" in state.get("stages", {}) else run
    return None


def _began(state: Mapping[str, Any]) -> datetime:
    """When a run began; long ago for one that does not say it as we do."""
    try:
        began = datetime.fromisoformat(state["started_at"])
    except (KeyError, TypeError, ValueError):
        return LONG_AGO
    return began if began.tzinfo else began.replace(tzinfo=UTC)


def _write_canaries(folder: RunFolder, canaries: Sequence[Canary]) -> None:
    if canaries:
        with replacing(folder.canaries) as file:
            file.writelines(f"{canary.to_line()}\n" for canary in canaries)


def _described(
    folder: RunFolder, registry: Registry, services: Sequence[Service], settings: Settings, started: datetime
) -> dict[str, Any]:
    return {
        "id": folder.path.name,
        "versions": {name: version(name) for name in ("toise", "scrapy", "beautifulsoup4", "lxml", "sqlalchemy")},
        "started_at": iso(started),
        "as_of": (settings.as_of or started.date()).isoformat(),
        "settings": settings.to_json(),
        "registry": {
            "source": registry.source,
            "kind": registry.kind,
            "digest": registry.digest,
            "entries": len(registry.services),
            "incubators": dict(registry.incubators),
            "warnings": list(registry.warnings),
        },
        "ruleset": ruleset(),
        "counts": {"services": len(services)},
        # Until its health is measured nobody takes it for the latest: a run that was killed once it was judged, say.
        "health": {"is_healthy": False, "reasons": ["l'audit n'est pas terminé"]},
        "stages": {"registry": {"state": "done", "at": iso(started)}},
    }
