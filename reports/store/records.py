from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from checks.model.run_folder import is_sound
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict
from reports.overrides.override import Override


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A loaded run. ``registry_digest`` is ``sha256:…`` of the registry as read, ``ruleset`` the digest of the rules.

    ``state`` is the run's whole ``run.json``.
    """

    id: str
    started_at: str
    as_of: str
    registry_digest: str
    ruleset: str
    state: Mapping[str, Any]

    @property
    def day(self) -> date:
        """The day that the run is about. Raises ``ValueError`` if ``as_of`` is not one."""
        return date.fromisoformat(self.as_of)

    @property
    def registry_source(self) -> str:
        """Where the registry was read, as it may be published: an address, or the name of a file; a path is of one machine.

        Empty if the run does not say.
        """
        registry = self.state.get("registry")
        source = str(registry.get("source") or "") if isinstance(registry, Mapping) else ""
        return source if "://" in source else re.split(r"[\\/]", source.rstrip("\\/"))[-1]

    @property
    def incubators(self) -> Mapping[str, str]:
        """What the incubators are called, by id, as far as the registry said it."""
        registry = self.state.get("registry")
        names = registry.get("incubators") if isinstance(registry, Mapping) else None
        return {str(key): str(name) for key, name in names.items()} if isinstance(names, Mapping) else {}

    @property
    def is_healthy(self) -> bool:
        """Whether its figures may be published."""
        return is_sound(self.state)

    @property
    def acceptance(self) -> str:
        """Why a person publishes its figures in spite of what its health says; empty where nobody had to."""
        health = self.state.get("health")
        return str(health.get("accepted") or "") if isinstance(health, Mapping) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedService:
    """A service of a run with its verdicts, one a rule; ``group`` is where it stood on the day of the run.

    ``overrides`` are those in force; the verdicts beside them are the machine's.
    """

    service: Service
    group: PhaseGroup
    verdicts: tuple[Verdict, ...] = ()
    overrides: tuple[Override, ...] = ()

    def verdict(self, rule: str) -> Verdict | None:
        return next((verdict for verdict in self.verdicts if verdict.rule == rule), None)

    def override(self, rule: str) -> Override | None:
        return next((override for override in self.overrides if override.rule == rule), None)
