"""Two audits of the sample network, the second under other rules, another registry and another page."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from checks.model.run_folder import RunFolder
from crawler.sample_network.hosts import SITES
from crawler.sample_network.network import REGISTRY
from reports.cli import main

ROOT = Path(__file__).parent.parent.parent
SERVICES = ("carnet-vert", "guichet-demenage", "trajet-doux", "signal-plage")

_PRELUDE = """
import os
from dataclasses import replace
from pathlib import Path

from checks import catalogue
from checks.rules.accessibility.accessibility_mention import RULE

if os.environ.get("EARLIER_RULE"):  # « non conforme » was no level yet
    def judge(site):
        found = RULE.judge(site)
        return replace(found, reason="no-legal-level", value=None) if found.reason == "level-not" else found

    earlier = replace(RULE, version=100, judge=judge)
    catalogue.RULES = tuple(earlier if rule is RULE else rule for rule in catalogue.RULES)
    catalogue.BY_ID[earlier.id] = earlier

from crawler.sample_network import hosts, sample_network

hosts.SITES = Path(os.environ["SITES"])

from reports.cli import main

with sample_network() as network:
    os.environ.update(network.environment())
    main()
"""


@dataclass(frozen=True)
class TwoAudits:
    """``folder`` holds ``runs`` and ``toise.db``; ``old`` was judged by an earlier version of a rule, then by today's."""

    folder: Path
    old: RunFolder
    new: RunFolder

    @property
    def earlier(self) -> str:
        """The judgement of the old audit by the earlier rules."""
        (path,) = self.old.path.glob("verdicts-*.jsonl")
        return f"{self.old.id}@{path.stem.removeprefix('verdicts-')}"

    @property
    def runs(self) -> Path:
        return self.folder / "runs"

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'toise.db'}"


def two_audits(folder: Path) -> TwoAudits:
    sites = folder / "sites"
    shutil.copytree(SITES, sites)
    home = sites / "carnet-vert.example" / "index.html"
    home.write_text(home.read_text("utf-8").replace("partiellement conforme", "bientôt"), "utf-8")
    registry = folder / "registre.json"
    registry.write_text(_registry_changed(), "utf-8")

    old = _audited(folder, REGISTRY, EARLIER_RULE="1", SITES=str(SITES))
    new = _audited(folder, registry, SITES=str(sites))
    printed("judge", old.id, "--runs", str(folder / "runs"))
    return TwoAudits(folder, old, new)


def _registry_changed() -> str:
    registry = json.loads(REGISTRY.read_text("utf-8"))
    entries = {entry["id"]: entry["attributes"] for entry in registry["data"]}
    entries["trajet-doux"]["stats_url"] = "https://trajet-doux.example/chiffres-cles"
    entries["guichet-demenage"]["budget_url"] = "https://guichet-demenage.example/nulle-part"
    entries["signal-plage"]["phases"].append({"name": "abandon", "start": "2026-11-01"})
    return json.dumps(registry)


def _audited(folder: Path, registry: Path, **environment: str) -> RunFolder:
    known = {run.id for run in RunFolder.all(folder / "runs")}
    chosen = [option for service in SERVICES for option in ("--only", service)]
    options = ["--as-of", "2026-11-23", "--render", "never", "--second-visit", "0"]
    inherited = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        [sys.executable, "-c", _PRELUDE, "audit", str(registry), *chosen, *options],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (run,) = (run for run in RunFolder.all(folder / "runs") if run.id not in known)
    return run


def printed(*args: str) -> str:
    """What a verb prints, in this process: its rules are today's."""
    out = StringIO()
    with redirect_stdout(out), pytest.raises(SystemExit) as ended:
        main(args)
    assert ended.value.code == 0, args
    return out.getvalue()
