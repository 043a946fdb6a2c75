"""From the verdicts of the sample network to a registry corrected by git, as its keeper does it."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder
from checks.model.service import Service
from checks.model.verdict import Verdict
from crawler.registry import read_registry
from crawler.sample_network import sample_network

ROOT = Path(__file__).parent.parent.parent
PLACE = "content/_startups"


def toise(*args: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from reports.cli import main; main()", *args]
    inherited = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    given = {**inherited, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(command, cwd=cwd, env=given, capture_output=True, timeout=300, check=False)


def git(*args: str, cwd: Path, given: bytes = b"") -> str:
    done = subprocess.run(["git", *args], cwd=cwd, input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


PAGES = {
    "trajet-doux": """\
---
title: Mon trajet doux
mission: >-
  Choisir, pour chaque trajet,
  autre chose que la voiture
incubator: atelier-des-mobilites
link: https://trajet-doux.example
repository: https://gitlab.com/atelier-des-mobilites/trajet-doux
budget_url: ' ' # à compléter
accessibility_status: totalement conforme
phases:
  - name: acceleration
    start: 2024-01-15
---
## Contexte

Voilà.
""",
    "ponts-ouverts": "---\r\ntitle: Ponts ouverts\r\nlink: https://ponts-ouverts.example\r\nstats: false\r\n---\r\nTexte",
    "portail-emploi": """\
\ufeff---
title: Emploi
link: https://portail.example/emploi/
repository: https://github.com/incubateur-civique/portail
stats_url: https://portail.example/emploi/statistiques
---
""",
    "relais-quartier": """\
---
title: Voisins solidaires
link: https://relais-quartier.example
repository: https://github.com/incubateur-civique/voisins-solidaires
accessibility_status: non conforme
---
""",
    "guichet-demenage": """---
title: Guichet déménage
link: https://www.guichet-demenage.example
repository: "https://github.com/incubateur-civique/guichet-demenage"   # public
---
""",
    "covoit-marche": """---
title: Covoit'Marché
link: https://covoit-marche.example
stats_url: https://covoit-marche.example/statistiques
---
""",
}
"""The front matter that people would have written for services of the sample."""


def written(folder: Path) -> Path:
    """A repository as that of beta.gouv.fr, with these pages."""
    (folder / PLACE).mkdir(parents=True)
    for name, text in PAGES.items():
        (folder / PLACE / f"{name}.md").write_bytes(text.encode())
    git("init", "--quiet", cwd=folder)
    git("add", ".", cwd=folder)
    return folder


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which some services of the sample network were audited."""
    folder = tmp_path_factory.mktemp("audit")
    chosen = [f"--only={name}" for name in (*PAGES, "ma-mairie-simple")]
    with sample_network() as network:
        given = (str(network.registry), *chosen, "--as-of", network.as_of.isoformat())
        result = toise("audit", *given, cwd=folder, **network.environment())
    assert result.returncode == 0, result.stderr.decode()
    return folder


def test_the_patch_of_the_sample_is_taken_by_git_and_corrects_the_registry(audited: Path, tmp_path: Path):
    registry = written(tmp_path / "beta")
    before = {service.id: service for service in read_registry(str(registry)).services}

    result = toise("registry", str(registry), "--suggest", "latest", "--format", "patch", cwd=audited)
    git("apply", "--check", "-", cwd=registry, given=result.stdout)
    git("apply", "-", cwd=registry, given=result.stdout)
    after = {service.id: service for service in read_registry(str(registry)).services}

    assert result.returncode == 0
    assert "Patch : 6 champs de 5 fiches ; 4 à vérifier" in result.stderr.decode()
    assert "Absents" in result.stderr.decode()
    assert "ma-mairie-simple" in result.stderr.decode()
    assert after["trajet-doux"].statistics_url == "https://trajet-doux.example/chiffres-cles"
    assert after["trajet-doux"].budget_url == "https://trajet-doux.example/transparence"
    assert after["ponts-ouverts"].statistics_url == "https://ponts-ouverts.example/statistiques"
    assert after["portail-emploi"].budget_url == "https://portail.example/emploi/budget"
    assert after["guichet-demenage"].repository == "https://github.com/incubateur-civique/demenager"
    assert after["covoit-marche"].repository == "https://gitlab.com/atelier-des-mobilites/covoit-marche"
    assert after["covoit-marche"].statistics_url == before["covoit-marche"].statistics_url, "to check, not to remove"
    assert after["relais-quartier"] == before["relais-quartier"], "a site that contradicts itself corrects nothing"
    assert git("diff", "--numstat", cwd=registry).splitlines() == [
        f"1\t0\t{PLACE}/covoit-marche.md",
        f"1\t1\t{PLACE}/guichet-demenage.md",
        f"1\t0\t{PLACE}/ponts-ouverts.md",
        f"1\t0\t{PLACE}/portail-emploi.md",
        f"2\t1\t{PLACE}/trajet-doux.md",
    ]


def test_the_patch_of_a_folder_is_applied_from_there_and_nothing_is_left_then(audited: Path, tmp_path: Path):
    folder = written(tmp_path / "beta") / PLACE

    first = toise("registry", str(folder), "--suggest", "--format", "patch", cwd=audited)
    git("apply", "-", cwd=folder, given=first.stdout)
    second = toise("registry", str(folder), "--suggest", "--format", "patch", cwd=audited)

    assert second.returncode == 0
    assert second.stdout == b""
    assert "Déjà faites dans le registre : 6 propositions" in second.stderr.decode()


def test_the_table_needs_no_registry_and_says_what_to_check(audited: Path):
    result = toise("registry", "--suggest", cwd=audited)
    rows = {(row["service"], row["field"]): row for row in csv.DictReader(StringIO(result.stdout.decode(), newline=""))}

    assert result.returncode == 0
    assert rows["trajet-doux", "statistics_url"]["action"] == "add"
    assert rows["guichet-demenage", "repository"]["action"] == "replace"
    assert rows["relais-quartier", "repository"]["verdict"] == "not-public"
    assert rows["ma-mairie-simple", "statistics_url"]["action"] == "check"
    assert rows["ma-mairie-simple", "statistics_url"]["proposed"] == ""
    assert rows["relais-quartier", "accessibility_status"]["action"] == "check"
    assert "taux" in rows["relais-quartier", "accessibility_status"]["reason"]


def test_a_patch_needs_pages(audited: Path):
    result = toise("registry", "--suggest", "latest", "--format", "patch", cwd=audited)

    assert result.returncode == 2
    assert result.stdout == b""
    assert "donnez ce dossier" in result.stderr.decode()
    assert len(result.stderr.decode().strip().splitlines()) == 1


URL = "https://exemple.fr/statistiques"


def run_of(folder: Path, pages: dict[str, bytes]) -> Path:
    """A folder of pages, and beside it a run of them in which each service has statistics at ``URL``."""
    place = folder / "fiches"
    place.mkdir()
    for name, content in pages.items():
        (place / name).write_bytes(content)
    read = read_registry(str(place))
    run = RunFolder.create(folder / "runs", datetime(2026, 11, 23, 6, tzinfo=UTC))
    run.registry.write_bytes(read.raw)
    run.write_services(read.services)
    run.update({"id": run.path.name})
    run.verdicts.write_text("".join(verdict(service).to_line() + "\n" for service in read.services), "utf-8")
    return place


def verdict(service: Service) -> Verdict:
    return Verdict(
        run="2026-11-23T0600Z",
        service=service.id,
        rule="statistics-page",
        version=1,
        outcome=Outcome.PASSED,
        reason="found-on-site",
        warnings=("declared-broken-but-found",),
        at="2026-11-23T06:00:00Z",
        evidence=(Evidence(url=URL, capture="<urn:uuid:0>"),),
    )


NASTY = {
    "simple.md": b"---\nlink: https://a.fr\n---\n",
    "Aides ESS.md": b"---\nlink: https://a.fr\nstats_url: https://vieux.fr # ici\n---\n",
    "Part'\u00e2ge \u00ab1\u00bb.md": b"\xef\xbb\xbf---\r\ntitle: \xc3\xa9t\xc3\xa9\r\nstats_url: ''\r\n---\r\nSans fin",
}


def test_the_run_alone_makes_the_patch_of_the_pages_that_it_read(tmp_path: Path):
    place = run_of(tmp_path, NASTY)

    result = toise("registry", "--suggest", "--format", "patch", cwd=tmp_path)
    git("apply", "-", cwd=place, given=result.stdout)

    assert {service.statistics_url for service in read_registry(str(place)).services} == {URL}
    assert (place / "Aides ESS.md").read_bytes().endswith(b"stats_url: https://exemple.fr/statistiques # ici\n---\n")
    assert (place / "Part'\u00e2ge \u00ab1\u00bb.md").read_bytes() == (
        b"\xef\xbb\xbf---\r\ntitle: \xc3\xa9t\xc3\xa9\r\nstats_url: 'https://exemple.fr/statistiques'\r\n---\r\nSans fin"
    )


def test_pages_that_cannot_be_changed_are_said_and_spoil_nothing(tmp_path: Path):
    pages = {
        "ancien.md": b"---\ntitle: \xe9t\xe9\nlink: https://a.fr\n---\n",
        "double.md": b"---\nstats_url: a.fr\nstats_url: b.fr\n---\n",
        "long.md": b"---\nstats_url: >-\n  https://vieux.fr\n---\n",
        **NASTY,
    }
    place = run_of(tmp_path, pages)

    result = toise("registry", "fiches", "--suggest", "--format", "patch", cwd=tmp_path)
    git("apply", "-", cwd=place, given=result.stdout)
    said = result.stderr.decode()

    assert result.returncode == 0
    assert "ancien.md n'est pas en UTF-8" in said
    assert "double.md : « stats_url » n'est pas changé, la clé « stats_url » y figure plusieurs fois" in said
    assert "long.md : « stats_url » n'est pas changé" in said
    assert "Patch : 3 champs de 3 fiches ; 0 à vérifier" in said
    assert all((place / name).read_bytes() == pages[name] for name in ("ancien.md", "double.md", "long.md"))


def test_a_page_edited_since_the_audit_keeps_what_it_says(tmp_path: Path):
    place = run_of(tmp_path, NASTY)
    (place / "simple.md").write_bytes(b"---\nlink: https://a.fr\nstats_url: https://neuf.fr\n---\n")

    result = toise("registry", "fiches", "--suggest", "latest", "--format", "json", cwd=tmp_path)

    assert len(json.loads(result.stdout)["suggestions"]) == 2
    assert "simple : statistics_url a changé dans le registre depuis l'audit" in result.stderr.decode()


@pytest.mark.parametrize(
    "args,sentence",
    [
        (["registry", "--suggest", "2001-01-01T0000Z"], "Aucun audit nommé 2001-01-01T0000Z"),
        (["registry", "--suggest"], "Aucun audit dans runs"),
        (["registry"], "Donnez un registre à lire, ou --suggest RUN"),
        (["registry", "a.csv", "--figures", "--suggest", "latest"], "sans --figures"),
        (["registry", "a.csv", "--figures", "--format", "patch"], "--format patch ne va qu'avec --suggest"),
    ],
)
def test_wrong_usage_gets_one_sentence(tmp_path: Path, args: list[str], sentence: str):
    result = toise(*args, cwd=tmp_path)

    assert result.returncode == 2
    assert sentence in result.stderr.decode()
    assert len(result.stderr.decode().strip().splitlines()) == 1
