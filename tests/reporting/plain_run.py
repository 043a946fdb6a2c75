"""A registry audited three times, with all that a site can show: every outcome and every reason, changes from one run to the
next, corrections, remedies, a service in several incubators, and a last run that is not sound."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from checks.catalogue import RULES
from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.rule import OBSTACLES, Rule
from checks.model.run_folder import RunFolder
from checks.model.service import Phase, Service
from checks.model.verdict import Verdict
from checks.parse.security.remedies import mending, remedies_of
from reports.cli import main

RUNS = 3
LAST = "2026-11-16T0600Z"
START = datetime(2026, 9, 21, 6, tzinfo=UTC)
PHASES = ("investigation", "construction", "acceleration", "consolidation", "opere", "alumni")
_RULESET = {rule.id: {"version": rule.version, "status": rule.status} for rule in RULES}
INCUBATORS = ("Incubateur du littoral", "atelier-des-mobilites", "Fabrique numérique de l’éducation populaire")
NAMES = (
    "À bicyclette", "Bac de rivière", "Carnet de verger", "Digues suivies", "École ouverte", "Fontaines publiques",
    "Guichet des dunes", "Halte fluviale", "Inventaire des haies",
)  # fmt: skip


def site_of(folder: Path) -> Path:
    """The site of the last run, made by the commands themselves."""
    runs = [_written(folder / "runs", number) for number in range(RUNS)]
    places = ("--database", f"sqlite:///{folder / 'toise.db'}", "--runs", str(folder / "runs"))
    for run in runs:
        toise("load", run, *places)
    toise("report", runs[-1], *places, "--output", str(folder / "site"))
    return folder / "site"


def toise(*args: str) -> None:
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said), pytest.raises(SystemExit) as ended:
        main(args)
    assert ended.value.code == 0, said.getvalue()[-2000:]


def _written(runs: Path, number: int) -> str:
    started = START + timedelta(days=28 * number)
    folder = RunFolder.create(runs, started)
    is_last = number == RUNS - 1
    folder.update(
        {
            "versions": {"toise": "0.1.0"},
            "started_at": started.isoformat(),
            "as_of": str(started.date()),
            "settings": {"phase_rule": "latest-start"},
            "registry": {
                "source": "https://registre.example/services.json",
                "kind": "beta",
                "digest": f"sha256:{number:064}",
            },
            "ruleset": {"digest": "sha256:" + "0" * 64, "rules": _RULESET},
            "health": {
                "is_healthy": not is_last,
                "reasons": ["Un quart des sites n'a pas répondu."] if is_last else [],
            },
        }
    )
    folder.registry.write_text("{}", "utf-8")
    folder.write_services(_service(place, name) for place, name in enumerate(NAMES))
    with folder.verdicts.open("w", encoding="utf-8") as file:
        file.writelines(
            f"{line.to_line()}\n" for place in range(len(NAMES)) for line in _verdicts(folder, place, number)
        )
    if is_last:
        (folder.path / "overrides.toml").write_text("\n".join(map(_override, range(3))), "utf-8")
    return folder.id


def _service(place: int, name: str) -> Service:
    site = f"https://service-{place}.example/"
    phase = Phase(name=PHASES[place % len(PHASES)], start="2024-01-01")
    return Service(
        id=f"service-{place}",
        name=name,
        urls=(site,) if place % 5 else (site, f"{site}autre/"),
        incubators=INCUBATORS[: place % 4] or INCUBATORS[1:2],
        sponsors=("Direction des affaires maritimes",) if place % 2 else (),
        phases=(phase,),
        statistics_url=f"{site}stats",
        repository="https://forge.example/depot" if place % 3 else None,
        warnings=() if place % 4 else ("unknown-phase:phases", "registry-value-repaired:budget_url"),
    )


def _verdicts(folder: RunFolder, place: int, number: int) -> Iterator[Verdict]:
    """Service by service another reason of each rule; one rule in four moves from run to run, the last is never run."""
    for rank, rule in enumerate(RULES[:-1]):
        reasons = {**rule.outcomes, **OBSTACLES}
        names = sorted(rule.outcomes) * 2 + sorted(OBSTACLES)
        reason = names[(place * 5 + rank + (number if rank % 4 == 0 else 0)) % len(names)]
        if place == 2:  # one that has everything to mend
            reason = next((name for name in names if reasons[name] is Outcome.FAILED), reason)
        yield _verdict(folder, place, rule, str(reason), reasons[reason])


def _verdict(folder: RunFolder, place: int, rule: Rule, reason: str, outcome: Outcome) -> Verdict:
    warnings = tuple(rule.warnings)[:1] if place % 3 == 0 else ()
    return Verdict(
        run=folder.id,
        service=f"service-{place}",
        rule=rule.id,
        version=rule.version,
        outcome=outcome,
        reason=reason,
        value="not" if rule.id == "accessibility-mention" and outcome is Outcome.PASSED else None,
        warnings=(*warnings, "insecure-fetch") if place == 2 else warnings,
        evidence=_evidence(place) if outcome in {Outcome.PASSED, Outcome.FAILED} else (),
        facts=_facts(rule) if outcome is Outcome.FAILED else {},
        at=f"{folder.id[:10]}T06:02:11Z",
        ruleset="sha256:" + "0" * 64,
    )


def _evidence(place: int) -> tuple[Evidence, ...]:
    about = {"capture": f"<urn:uuid:00000000-0000-4000-8000-{place:012}>", "status": 200}
    site = f"https://service-{place}.example"
    return (
        Evidence(
            url=f"{site}/accessibilite",
            excerpt="Accessibilité : partiellement conforme",
            locator="footer a[3]",
            **about,
        ),
        Evidence(url=f"{site}/une/adresse/bien/plus/longue/que/les/autres?page=declaration&langue=fr", **about),
    )


def _facts(rule: Rule) -> dict[str, object]:
    tests = {
        "cookies": {"result": "cookies-without-secure-flag", "pass": False, "scoreModifier": -20},
        "strict-transport-security": {"result": "hsts-not-implemented", "pass": False, "scoreModifier": -20},
    }
    if rule.id == "security-headers":
        return {"score": 60, "algorithm": 6, "preload": "2026.11", "tests": tests}
    remedies = remedies_of(rule.id)
    return dict(mending(remedies[0], ["max-age=0"])) if remedies else {"missing": ["la date", "un moyen de contact"]}


def _override(place: int) -> str:
    return f"""[[override]]
service = "service-{place}"
rule = "https"
outcome = "{("passed", "failed", "cantTell")[place]}"
reason = "Nous avons ouvert le site à la main, depuis un autre réseau."
author = "Une personne de l'équipe"
evidence = "https://service-{place}.example/"
until = 2026-12-01
"""
