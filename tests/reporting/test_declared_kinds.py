"""What declared values are, by the shape of their addresses: every kind, and the dirt of registries."""

from __future__ import annotations

import csv
import json
from collections import Counter

import pytest
from click.testing import CliRunner

from checks.model.declared import FIELDS, KINDS, declared
from checks.model.service import Service
from reports.cli import toise
from reports.figures.declared import declared_kinds

SITE = "https://quai.port.gouv.fr/"

# The field, the value: the kind, and whether it can be that of one service.
VALUES = [
    ("statistics_url", "https://quai.port.gouv.fr/stats", "own-host", True),
    ("statistics_url", "https://QUAI.port.gouv.fr/stats?public=1#chiffres", "own-host", True),
    ("statistics_url", "https://quai.port.gouv.fr", "own-host", False),
    ("statistics_url", "https://quai.port.gouv.fr/#stats", "own-host", True),
    ("statistics_url", "https://stats.port.gouv.fr/", "same-domain", True),
    ("statistics_url", "https://phare.gouv.fr/quai/stats", "elsewhere", True),
    ("statistics_url", "/stats", "path", False),
    ("statistics_url", "https://beta.gouv.fr/startups/quai.html", "directory", False),
    ("statistics_url", "https://metabase.port.gouv.fr/public/dashboard/0f1e2d3c-4b5a-6978", "metabase", True),
    ("statistics_url", "https://chiffres.port.fr/public/question/0f1e2d3c-4b5a-6978", "metabase", True),
    ("statistics_url", "https://donnees.port.fr/superset/dashboard/quai/", "superset", True),
    ("statistics_url", "https://audience.port.fr/index.php?module=CoreHome&idSite=12&period=day", "matomo", True),
    ("statistics_url", "https://lookerstudio.google.com/reporting/0f1e2d3c", "other-dashboard", True),
    ("budget_url", "https://pad.port.fr/AbCdEfGhIj?view#quai", "pad", True),
    ("budget_url", "https://pad.port.fr/", "pad", False),
    ("budget_url", "https://grist.port.fr/o/port/aBcDeFgHiJ/Budget/p/3", "grist", True),
    ("budget_url", "https://docs.port.fr/docs/1b671a64-40d5-491e-99b0-da01ff1f3341/", "docs", True),
    ("budget_url", "https://docs.google.com/spreadsheets/d/1xYzAbCdEf/edit#gid=0", "google-docs", True),
    ("budget_url", "https://port.notion.site/Budget-1b671a6440d5491e99b0da01ff1f3341", "notion", True),
    ("budget_url", "https://fichiers.port.fr/explorer/items/files/0f1e2d3c", "other-document", True),
    ("repository", "https://github.com/port/quai", "github", True),
    ("repository", "https://GitHub.com/Port/Quai.git", "github", True),
    ("repository", "https://gitlab.port.fr/services/voie/quai", "gitlab", True),
    ("repository", "https://codeberg.org/port/quai", "gitea", True),
    ("repository", "https://git.sr.ht/~port/quai", "other-forge", True),
    ("repository", "https://git.port.fr/port/quai", "other-forge", True),
    ("repository", "https://github.com/port/quai/tree/main/app", "deeper", True),
    ("repository", "https://github.com/port", "organisation", False),
    ("repository", "https://github.com/orgs/port/repositories", "organisation", False),
    ("repository", "https://github.com/GouvernementFR/dsfr", "shared", False),
    ("repository", "https://quai.port.gouv.fr/code.zip", "not-a-forge", False),
]  # fmt: skip


@pytest.mark.parametrize("field,value,kind,is_attributable", VALUES)
def test_an_address_is_of_one_kind(field, value, kind, is_attributable):
    found = declared(Service(id="quai", name="Quai", urls=(SITE,), **{field: value}), field)

    assert found
    assert (found.kind, found.is_attributable, found.is_repaired) == (kind, is_attributable, False)


def test_every_kind_has_a_row():
    assert {kind for _, _, kind, _ in VALUES} == set(KINDS)


def test_a_template_is_the_code_of_its_own_service():
    own = {"repository": "https://github.com/numerique-gouv/sites-faciles"}

    assert declared(Service(id="sites-faciles", name="Sites faciles", **own), "repository").kind == "github"
    assert declared(Service(id="quai", name="Quai", **own), "repository").kind == "shared"


def test_each_value_is_counted_once():
    services = [
        Service(id=str(rank), name="Quai", urls=(SITE,), **{field: value})
        for rank, (field, value, *_) in enumerate(VALUES)
    ]
    figures = list(declared_kinds(services))
    counted = Counter({figure.id: 0 for figure in figures})
    for figure in figures:
        counted[figure.id] += figure.numerator
        assert 0 <= figure.details["attributable"] <= figure.numerator

    asked = Counter(field for field, *_ in VALUES)
    assert counted == {f"{field.replace('_', '-')}-kinds": asked[field] for field in FIELDS}


@pytest.fixture
def registry(tmp_path):
    """A registry of front matter fields as people type them."""
    rows = [
        {"id": "a", "link": SITE, "stats_url": "https:&#x2F;&#x2F;quai.port.gouv.fr&#x2F;stats", "budget_url": " "},
        {"id": "b", "link": SITE, "stats_url": "https://quai.port.gouv.fr//stats", "budget_url": "https://pad.port.fr/AbCdEfGh#b;"},
        {"id": "c", "link": SITE, "stats_url": "https://quai.port.gouv.fr/stats", "repository": "https://github.com/port"},
    ]  # fmt: skip
    data = [{"id": row.pop("id"), "type": "startup", "attributes": {"name": "N", "phases": [], **row}} for row in rows]
    path = tmp_path / "startups.json"
    path.write_text(json.dumps({"data": data}), "utf-8")
    return str(path)


def test_the_distribution_is_printed(registry):
    shown = CliRunner().invoke(toise, ["registry", registry, "--figures"]).stdout

    assert "3  Statistiques déclarées : page du site du service (2 réparées)" in shown
    assert "1  Budgets déclarés : pad (1 réparée)" in shown
    assert "1  Codes sources déclarés : organisation seule (1 d'aucun service en propre)" in shown


def test_it_is_data_too(registry):
    run = CliRunner()
    read = json.loads(run.invoke(toise, ["registry", registry, "--figures", "--format", "json"]).stdout)
    table = list(
        csv.DictReader(run.invoke(toise, ["registry", registry, "--figures", "--format", "csv"]).stdout.splitlines())
    )

    [pads] = [one for one in read["figures"] if (one["id"], one["group"]) == ("budget-url-kinds", "pad")]
    assert (pads["numerator"], pads["details"]) == (1, {"attributable": 1, "repaired": 1})
    assert [one["numerator"] for one in table if one["group"] == "organisation"] == ["1"]
