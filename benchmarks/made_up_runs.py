"""Audited runs made up, as large as wanted: verdicts of every rule with their evidence and archives, that move from run to run.

``python -m benchmarks.made_up_runs FOLDER --services 312 --runs 24`` writes ``FOLDER/runs`` and ``FOLDER/toise.db``; with
``--registry FILE`` the services are those of a real registry, whose verdicts are made up all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zlib import crc32

import click

from checks.catalogue import RULES, ruleset_digest
from checks.model.capture import Capture, Role
from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.rule import OBSTACLES, Obstacle, Rule
from checks.model.run_folder import RunFolder
from checks.model.service import Phase, PhaseGroup, Service
from checks.model.verdict import Verdict
from checks.parse.security.remedies import mending, remedies_of
from crawler.archive import Archive
from crawler.registry import read_registry
from crawler.warc import Exchange
from reports.store.load import load_run
from reports.store.session import open_store

LAST = datetime(2026, 11, 23, 6, tzinfo=UTC)
EVERY = timedelta(days=15)
PAGES = ("", "accessibilite", "stats", "budget", "mentions-legales", "confidentialite", "cgu", "robots.txt")
BODY = "<p>Le bac traverse le fleuve toutes les vingt minutes, par tous les temps, de six heures à minuit.</p>\n" * 40
PHASES = ("investigation", "construction", "acceleration", "transfer", "success", "alumni")
MOVES = 30
"""Of a thousand verdicts, those that change from one run to the next."""


def services_of(count: int) -> list[Service]:
    return [
        Service(
            id=f"service-{number:05}",
            name=f"Service numérique n° {number}",
            urls=(f"https://service-{number}.exemple.invalid/",),
            incubators=(f"incubateur-{number % 20:02}",),
            sponsors=(f"sponsor-{number * 7 % 60:02}",),
            phases=(Phase(name=PHASES[number * 5 % 7 % len(PHASES)], start="2024-03-01"),),
            statistics_url=f"https://service-{number}.exemple.invalid/stats" if number % 3 else None,
            budget_url=f"https://service-{number}.exemple.invalid/budget" if number % 4 else None,
        )
        for number in range(count)
    ]


def make_runs(
    folder: Path, services: Sequence[Service], runs: int, incubators: Mapping[str, str] | None = None
) -> None:
    """The runs in ``folder/runs``, loaded in ``folder/toise.db``; the last one alone has evidence and archives."""
    engine = open_store(f"sqlite:///{folder / 'toise.db'}")
    for number in range(runs):
        run = _run(folder / "runs", services, runs - 1 - number)
        run.update({"registry": {**run.state["registry"], "incubators": dict(incubators or {})}})
        load_run(engine, run)
    engine.dispose()


def _run(runs: Path, services: Sequence[Service], before_last: int) -> RunFolder:
    started = LAST - before_last * EVERY
    folder = RunFolder.create(runs, started)
    folder.update(
        {
            "versions": {"toise": "0.1.0"},
            "started_at": started.isoformat(),
            "as_of": str(started.date()),
            "settings": {"phase_rule": "latest-start"},
            "registry": {"source": "https://registre.invalid/", "kind": "csv", "digest": "sha256:1", "warnings": []},
            "ruleset": {
                "digest": ruleset_digest(),
                "rules": {rule.id: {"version": rule.version, "status": rule.status} for rule in RULES},
            },
            "health": {"is_healthy": True, "reasons": []},
            "counts": {"services": len(services)},
        }
    )
    folder.registry.write_text("{}", "utf-8")
    folder.captures.mkdir(exist_ok=True)
    folder.write_services(services)
    group_of = folder.grouping()
    with folder.verdicts.open("w", encoding="utf-8") as file:
        for rank, service in enumerate(services):
            is_judged = group_of(service) is not PhaseGroup.STOPPED
            lines = list(_verdicts(folder.id, rank, service, before_last)) if is_judged else []
            file.writelines(f"{line.to_line()}\n" for line in lines)
            if lines and service.urls and not before_last:
                _archive(folder, rank, service)
    return folder


def _verdicts(run: str, rank: int, service: Service, before_last: int) -> Iterator[Verdict]:
    for position, rule in enumerate(RULES):
        reason = _reason(rule, rank, position, before_last) if service.urls else Obstacle.NO_URL
        outcome = rule.outcome(reason)
        is_last = not before_last
        yield Verdict(
            run=run,
            service=service.id,
            rule=rule.id,
            version=rule.version,
            outcome=outcome,
            reason=reason,
            at=LAST.isoformat(),
            ruleset=ruleset_digest(),
            evidence=_evidence(rank, position, service) if is_last and service.urls else (),
            facts=mending(remedies_of(rule.id)[0], ["max-age=0"]) if _is_mended(rule, outcome) and is_last else {},
        )


def _is_mended(rule: Rule, outcome: Outcome) -> bool:
    return outcome is Outcome.FAILED and bool(remedies_of(rule.id))


def _reason(rule: Rule, rank: int, position: int, before_last: int) -> str:
    """That of the last run where it changed: each run draws anew for a few of the verdicts."""
    own = [*rule.outcomes, *rule.outcomes, *(one for one, outcome in OBSTACLES.items() if outcome is Outcome.CANT_TELL)]
    for age in range(before_last, 200):
        drawn = crc32(f"{rank} {position} {age}".encode())
        if drawn % 1000 < MOVES:
            return own[drawn // 1000 % len(own)]
    return own[(rank + position) % len(rule.outcomes)]


def _evidence(rank: int, position: int, service: Service) -> tuple[Evidence, ...]:
    page = position % len(PAGES)
    return (
        Evidence(
            url=f"{service.urls[0]}{PAGES[page]}",
            capture=_id(rank, page),
            status=200,
            excerpt="Accessibilité : non conforme. Le bac traverse le fleuve toutes les vingt minutes.",
            locator="footer a[3]",
        ),
    )


def _archive(folder: RunFolder, rank: int, service: Service) -> None:
    archive = Archive(folder.warc(service.id), "toise")
    for page, path in enumerate(PAGES):
        capture = Capture(
            id=_id(rank, page),
            service=service.id,
            number=page + 1,
            role=Role.HOME,
            at=LAST,
            method="GET",
            url=f"{service.urls[0]}{path}",
            status=200,
            headers=(("Content-Type", "text/html; charset=utf-8"),),
            body=BODY.encode(),
        )
        archive.write(Exchange(capture=capture, raw_body=BODY.encode()))
    archive.complete()


def _id(rank: int, page: int) -> str:
    return f"<urn:uuid:{UUID(int=(rank << 16) + page)}>"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--services", default=312, show_default=True)
@click.option("--runs", default=24, show_default=True)
@click.option("--registry")
def main(folder: Path, services: int, runs: int, registry: str | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if registry:
        known = read_registry(registry)
        make_runs(folder, known.services, runs, known.incubators)
    else:
        make_runs(folder, services_of(services), runs)


if __name__ == "__main__":
    main()
