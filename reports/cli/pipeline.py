"""The stages of an audit, each from the run folder to the run folder, so that each can be repeated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from checks.catalogue import BY_ID, RULES, ruleset_digest
from checks.judge import Crash, Trial, judge_service
from checks.model.capture import Capture
from checks.model.errors import InputError
from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder, replacing
from checks.model.service import PhaseGroup, PhaseRule, Service
from crawler.archive import read_captures
from crawler.discovery.plan import DEFAULT_CEILING
from crawler.discovery.sight import Render
from crawler.exchange_text import exchange_text
from crawler.fleet.local import crawl
from crawler.guard import proxy_hosts
from crawler.registry import Registry, read_registry
from crawler.rendering.find import find_browser
from crawler.rendering.find import version as version_of_browser
from crawler.spiders.services import services_to_visit
from crawler.visit import DEFAULT_PATIENCE
from reports.cli.console import progress, say, warn
from reports.cli.options import now
from reports.figures.audited import audited_figures
from reports.figures.registry import registry_figures
from reports.render.report import Report
from reports.render.site import build_site
from reports.store.load import load_run
from reports.store.queries import audited_services
from reports.store.records import RunRecord


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

    def to_json(self) -> dict[str, Any]:
        chosen = self.selection
        return {
            "ceiling": DEFAULT_CEILING,
            "patience": DEFAULT_PATIENCE,
            "phase_rule": self.phase_rule,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "render": self.render.value,
            "allow_private": self.allow_private,
            **({"timeout": self.timeout} if self.timeout else {}),
            "only": list(chosen.ids),
            "incubator": chosen.incubator,
            "phase": chosen.phase,
            "limit": chosen.limit,
        }


def prepare(source: str, runs: Path, settings: Settings) -> RunFolder:
    """Reads a registry and opens a run for it. Nothing is written if the registry cannot be used."""
    registry = read_registry(source)
    as_of = settings.as_of.isoformat() if settings.as_of else None
    services = settings.selection.of(registry.services, settings.phase_rule, as_of)
    warn(registry.warnings)
    started = now()
    folder = RunFolder.create(runs, started)
    folder.registry.write_bytes(registry.raw)
    folder.write_services(services)
    folder.update(_described(folder, registry, services, settings, started))
    return folder


def _described(
    folder: RunFolder, registry: Registry, services: Sequence[Service], settings: Settings, started: datetime
) -> dict[str, Any]:
    return {
        "id": folder.path.name,
        "versions": {name: version(name) for name in ("toise", "scrapy", "beautifulsoup4", "lxml", "sqlalchemy")},
        "started_at": _iso(started),
        "as_of": (settings.as_of or started.date()).isoformat(),
        "settings": settings.to_json(),
        "registry": {
            "source": registry.source,
            "kind": registry.kind,
            "digest": registry.digest,
            "entries": len(registry.services),
            "warnings": list(registry.warnings),
        },
        "ruleset": _ruleset(),
        "counts": {"services": len(services)},
        "stages": {"registry": {"state": "done", "at": _iso(started)}},
    }


def crawl_stage(folder: RunFolder) -> int:
    """Visits what is not captured yet. Returns how many services could not be visited by a fault of ours."""
    waiting = {service.id for service in services_to_visit(folder)}
    proxies = sorted(proxy_hosts())
    if proxies:
        say("Un mandataire est réglé : c'est lui qui résout les noms des sites, leurs adresses ne sont pas vérifiées.")
    folder.update({"network": {"proxies": proxies, "are_names_checked": not proxies}, "browser": _browser()})
    if not waiting:
        say("Visite : rien à faire, toutes les captures sont là.")
        return 0
    with progress("Visite", len(waiting)) as advance:
        report = crawl(folder, lambda _: advance())
    missing = sorted(waiting - folder.captured())
    folder.update(
        {
            "counts": {"requests": report.requests, "captured": len(folder.captured())},
            "stages": {"crawl": {"state": "partial" if missing else "done", "at": _iso(now()), "missing": missing}},
        }
    )
    if missing:
        say(f"Visite : {len(missing)} services n'ont pas été visités jusqu'au bout (voir {folder.log}).")
    return len(missing)


def judge_stage(folder: RunFolder) -> tuple[Crash, ...]:
    """Writes the verdicts of every service of a run, in the order of the registry, from its captures alone."""
    state = folder.state
    trial = Trial(run=folder.id, as_of=date.fromisoformat(state["as_of"]), started_at=state["started_at"])
    group_of = folder.grouping()
    services = list(folder.read_services())
    counts = dict.fromkeys(Outcome, 0)
    crashes: list[Crash] = []
    captured = folder.captured()
    with progress("Jugement", len(services)) as advance, replacing(folder.verdicts) as file:
        for service in services:
            group = group_of(service)
            if group is not PhaseGroup.STOPPED:
                captures = read_captures(folder.warc(service.id)) if service.id in captured else ()
                verdicts, crashed = judge_service(service, group, captures, trial)
                crashes += crashed
                for verdict in verdicts:
                    counts[verdict.outcome] += 1
                    file.write(verdict.to_line() + "\n")
            advance()
    folder.update(
        {
            "ruleset": _ruleset(),
            "counts": {"verdicts": {outcome.value: count for outcome, count in counts.items()}},
            "stages": {
                "judge": {
                    "state": "done",
                    "at": _iso(now()),
                    "crashes": [{"service": one.service, "rule": one.rule, "error": one.error} for one in crashes],
                }
            },
        }
    )
    for crash in crashes:
        say(f"La règle {crash.rule} a échoué par notre faute sur {crash.service} : aucun verdict (voir run.json).")
    return tuple(crashes)


def _browser() -> str | None:
    """The version of the browser that shows pages; ``None`` where there is none."""
    program = find_browser()
    return version_of_browser(program) if program else None


def load_stage(folder: RunFolder, engine: Engine) -> RunRecord:
    record = load_run(engine, folder)
    folder.update({"stages": {"load": {"state": "done", "at": _iso(now())}}})
    return record


def report_stage(run: RunRecord, engine: Engine, runs: Path, output: Path) -> Path:
    """Builds the site of a loaded run; archived exchanges are taken from its folder, where that is still there."""
    services = tuple(audited_services(engine, run.id))
    settings = run.state.get("settings", {})
    report = Report(
        run=run,
        figures=audited_figures(engine, run),
        registry_figures=registry_figures(
            (one.service for one in services),
            phase_rule=settings.get("phase_rule", "latest-start"),
            as_of=settings.get("as_of"),
            today=run.as_of,
            year=int(run.as_of[:4]) - 1,
        ),
        by_phase=audited_figures(engine, run, by="phase"),
        by_incubator=audited_figures(engine, run, by="incubator"),
        by_sponsor=audited_figures(engine, run, by="sponsor"),
        services=services,
        rules=BY_ID,
        evidence=_evidence_of(runs, run.id),
    )
    return build_site(report, output)


def _evidence_of(runs: Path, run: str) -> Callable[[Evidence, str], str | None]:
    folder = RunFolder(runs / run)

    @lru_cache(maxsize=1)  # the pages of one service are written one after the other
    def captures(service: str) -> Mapping[str, Capture]:
        path = folder.warc(service)
        return {capture.id: capture for capture in read_captures(path)} if path.exists() else {}

    def text(evidence: Evidence, service: str) -> str | None:
        capture = captures(service).get(evidence.capture)
        return exchange_text(capture) if capture else None

    return text


def nothing_audited(folder: RunFolder) -> bool:
    """Whether no verdict of the run says anything of any site."""
    verdicts = folder.state.get("counts", {}).get("verdicts", {})
    return not verdicts.get("passed") and not verdicts.get("failed")


def _ruleset() -> dict[str, Any]:
    rules = {rule.id: {"version": rule.version, "status": rule.status.value} for rule in RULES}
    return {"digest": ruleset_digest(), "rules": rules}


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
