"""Small runs put in a database by the loader itself, to be read one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder
from checks.model.service import Phase, Service
from checks.model.verdict import Verdict
from reports.store.load import load_run
from reports.store.records import RunRecord
from reports.store.session import open_store

START = datetime(2026, 11, 1, 6, tzinfo=UTC)
LIVE = (Phase(name="construction", start="2020-01-01"),)
STOPPED = (Phase(name="abandon", start="2020-01-01"),)

REASONS = {
    "https": {"passed": "redirects-to-https", "failed": "no-redirect", "cantTell": "unreachable"},
    "statistics-page": {"passed": "found-on-site", "failed": "declared-broken", "cantTell": "unreachable"},
}


def service(name: str, /, **more) -> Service:
    return Service(**{"id": name, "name": f"Service {name}", "incubators": ("dinum",), "phases": LIVE} | more)


class Runs:
    """``runs`` of a folder, and its ``toise.db`` or another database."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.folder = folder
        self.database = database or f"sqlite:///{folder / 'toise.db'}"
        self.engine: Engine = open_store(self.database)

    def add(
        self,
        name: str,
        day: int,
        said: Mapping[Service, Mapping[str, str]],
        *,
        is_healthy: bool = True,
        overrides: str = "",
        rules: Mapping[str, str] | None = None,
        settings: Mapping[str, object] | None = None,
    ) -> RunRecord:
        """``said`` gives the outcome of each rule for each service; ``rules`` the status of each rule."""
        started = START + timedelta(days=day)
        folder = RunFolder(self.folder / "runs" / name)
        folder.captures.mkdir(parents=True, exist_ok=True)
        statuses = rules or dict.fromkeys(REASONS, "active")
        folder.update(
            {
                "id": name,
                "started_at": started.isoformat(),
                "as_of": started.date().isoformat(),
                "settings": dict(settings or {}),
                "registry": {"source": "a", "kind": "csv", "digest": "sha256:1", "warnings": []},
                "ruleset": {
                    "digest": "sha256:2",
                    "rules": {rule: {"version": 1, "status": status} for rule, status in statuses.items()},
                },
                "health": {"is_healthy": is_healthy, "reasons": []},
            }
        )
        folder.write_services(said)
        with folder.verdicts.open("w", encoding="utf-8") as file:
            for one, outcomes in said.items():
                for rule, outcome in outcomes.items():
                    file.write(self._verdict(name, one.id, rule, outcome).to_line() + "\n")
        if overrides:
            (folder.path / "overrides.toml").write_text(overrides, "utf-8")
        return load_run(self.engine, folder)

    def _verdict(self, run: str, name: str, rule: str, outcome: str) -> Verdict:
        return Verdict(
            run=run,
            service=name,
            rule=rule,
            version=1,
            outcome=Outcome(outcome),
            reason=REASONS.get(rule, {}).get(outcome, "phase"),
            at="2026-11-01T06:00:00Z",
        )
