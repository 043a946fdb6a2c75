from __future__ import annotations

import hashlib
import json
from textwrap import dedent

import pytest

from checks.model.service import Event, Phase, PhaseGroup, Service
from crawler.registry import parse_registry, read_registry

BAC = {
    "id": "bac-a-sable",
    "type": "startup",
    "attributes": {
        "name": "Bac à sable",
        "pitch": "Essayer sans risque",
        "link": "https://bac.exemple.fr/?mtm_campaign=annuaire",
        "stats_url": "https://bac.exemple.fr//stats",
        "budget_url": " ",
        "repository": "https://forge.exemple.fr/org/bac;",
        "accessibility_status": "non conforme",
        "sponsors": ["/organisations/dgx", "dgx", "dgy"],
        "phases": [
            {"name": "investigation", "start": "2022-01-01", "end": "2022-06-01"},
            {"name": "construction", "start": "2022-06-01", "end": ""},
        ],
        "events": [{"name": "fast", "date": "2024-01-01", "comment": "promotion 12"}],
    },
    "relationships": {
        "incubator": {"data": {"type": "incubator", "id": "atelier"}},
        "incubators": {"data": [{"type": "incubator", "id": "fabrique"}, {"type": "incubator", "id": "atelier"}]},
    },
}


def api(*entries, **document):
    return json.dumps({"data": list(entries), **document}, ensure_ascii=False, indent=2).encode()


def text(value):
    return dedent(value).lstrip("\n").encode()


def test_the_api_of_beta_gouv_fr():
    registry = parse_registry(api(BAC, included=[{"id": "atelier", "type": "incubator"}]), "registre.json")

    assert registry.kind == "beta-api"
    assert registry.warnings == ()
    assert registry.services == (
        Service(
            id="bac-a-sable",
            name="Bac à sable",
            urls=("https://bac.exemple.fr/?mtm_campaign=annuaire",),
            incubators=("atelier", "fabrique"),
            sponsors=("dgx", "dgy"),
            phases=(
                Phase(name="investigation", start="2022-01-01", end="2022-06-01"),
                Phase(name="construction", start="2022-06-01"),
            ),
            events=(Event(name="fast", date="2024-01-01", comment="promotion 12"),),
            statistics_url="https://bac.exemple.fr/stats",
            repository="https://forge.exemple.fr/org/bac",
            accessibility_status="non conforme",
            warnings=("registry-value-repaired:statistics_url", "registry-value-repaired:repository"),
        ),
    )


@pytest.mark.parametrize(
    "entry, expected",
    [
        ({"id": "nu"}, Service(id="nu", name="nu")),
        ({"id": "nu", "attributes": None, "relationships": None}, Service(id="nu", name="nu")),
        ({"id": "nu", "relationships": {"incubator": {"data": None}}}, Service(id="nu", name="nu")),
        (
            {"id": "nu", "attributes": dict.fromkeys(BAC["attributes"])},
            Service(id="nu", name="nu"),
        ),
        ({"id": 12, "attributes": {"name": "Douze"}}, Service(id="12", name="Douze")),
        ({"id": " été.2 v ", "attributes": {}}, Service(id="été.2 v", name="été.2 v")),
        (
            {"id": "sans-site", "attributes": {"stats_url": "/stats"}},
            Service(id="sans-site", name="sans-site", statistics_url="/stats"),
        ),
    ],
)
def test_the_api_may_leave_anything_out(entry, expected):
    registry = parse_registry(api(entry), "registre.json")

    assert registry.services == (expected,)
    assert registry.warnings == ()


def test_a_bare_list_of_flat_entries():
    entry = {
        "id": "/startups/bac",
        "title": "Bac",
        "link": "https://bac.exemple.fr/",
        "stats": True,
        "incubator": "atelier",
        "phases": [{"name": "success", "start": "2022-06-01 00:00:00 +0200"}],
    }
    registry = parse_registry(json.dumps([entry]).encode(), "liste.json")

    assert registry.kind == "beta-api"
    assert registry.services == (
        Service(
            id="bac",
            name="Bac",
            urls=("https://bac.exemple.fr/",),
            incubators=("atelier",),
            phases=(Phase(name="success", start="2022-06-01"),),
            statistics_url="https://bac.exemple.fr/stats",
        ),
    )


@pytest.mark.parametrize(
    "name, group",
    [
        ("transfer", PhaseGroup.LEAVING),
        ("consolidation", PhaseGroup.LEAVING),
        ("success", PhaseGroup.PERENNISED),
        ("opere", PhaseGroup.PERENNISED),
        ("alumni", PhaseGroup.STOPPED),
        ("abandon-investigation", PhaseGroup.STOPPED),
    ],
)
def test_both_vocabularies_of_phases_are_known(name, group):
    registry = parse_registry(api({"id": "a", "attributes": {"phases": [{"name": name}]}}), "registre.json")

    assert registry.services[0].group() is group
    assert registry.warnings == ()


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "content" / "_startups"
    folder.mkdir(parents=True)
    (folder / "bac.à.sable.md").write_bytes(
        text("""
        ---
        title: Bac à sable
        mission: "Essayer : sans risque"
        incubator: atelier
        incubators:
          - fabrique
          - atelier
        sponsors:
          - /organisations/dgx
        link: https://bac.exemple.fr/
        stats: true
        budget_url:
        accessibility_status: non conforme
        events:
          - name: national_impact
            date: 2025-02-26
        phases:
          - name: construction
            start: 2022-06-01
            end: null
        ---
        ## Le problème
        ---
        """).replace(b"\n", b"\r\n")
    )
    (folder / "seau.md").write_text("---\ntitle: Seau\nstats_url: https://seau.exemple.fr/chiffres\nstats: true\n---\n")
    return tmp_path


PAGES = (
    Service(
        id="bac.à.sable",
        name="Bac à sable",
        urls=("https://bac.exemple.fr/",),
        incubators=("atelier", "fabrique"),
        sponsors=("dgx",),
        phases=(Phase(name="construction", start="2022-06-01"),),
        events=(Event(name="national_impact", date="2025-02-26"),),
        statistics_url="https://bac.exemple.fr/stats",
        accessibility_status="non conforme",
    ),
    Service(id="seau", name="Seau", statistics_url="https://seau.exemple.fr/chiffres"),
)


@pytest.mark.parametrize("place", ["", "content", "content/_startups", "content/_startups/"])
def test_a_folder_of_pages(pages, place):
    registry = read_registry(f"{pages}/{place}")

    assert registry.kind == "front-matter"
    assert registry.services == PAGES
    assert registry.warnings == ()


def test_a_folder_is_kept_as_the_texts_of_its_pages(pages):
    registry = read_registry(str(pages))
    kept = json.loads(registry.raw)

    assert list(kept) == ["content/_startups/bac.à.sable.md", "content/_startups/seau.md"]
    assert kept["content/_startups/seau.md"].startswith("---\ntitle: Seau\n")


def test_statistics_declared_by_a_flag_without_a_site_stay_a_path(tmp_path):
    (tmp_path / "seau.md").write_text("---\ntitle: Seau\nstats: yes\n---\n")

    assert read_registry(str(tmp_path)).services[0].statistics_url == "/stats"


def test_a_dashlord_file():
    registry = parse_registry(
        text("""
        title: Tableau
        tools:
          http: true
        urls:
          - url: https://bac.exemple.fr
            title: Bac à sable
            betaId: bac-a-sable
            category: atelier
            tags: [prod]
            repositories:
              - org/bac
              - org/seau
            pages:
              - /aide
          - url: https://seau.exemple.fr/appli
          - https://rateau.exemple.fr
        """),
        "dashlord.yml",
    )

    assert registry.kind == "dashlord"
    assert registry.warnings == ()
    assert registry.services == (
        Service(
            id="bac-a-sable",
            name="Bac à sable",
            urls=("https://bac.exemple.fr",),
            incubators=("atelier",),
            repository="https://github.com/org/bac",
        ),
        Service(id="seau.exemple.fr-appli", name="seau.exemple.fr-appli", urls=("https://seau.exemple.fr/appli",)),
        Service(id="rateau.exemple.fr", name="rateau.exemple.fr", urls=("https://rateau.exemple.fr",)),
    )


def test_the_sites_of_one_beta_id_are_addresses_of_one_service():
    registry = parse_registry(
        text("""
        urls:
        - {url: https://a.fr, betaId: bac}
        - {url: https://b.fr, betaId: bac}
        - {url: https://a.fr, betaId: bac}
        """),
        "dashlord.yml",
    )

    assert registry.services == (Service(id="bac", name="bac", urls=("https://a.fr", "https://b.fr")),)
    assert [warning.rpartition(" ; ")[2] for warning in registry.warnings] == [
        "son adresse est ajoutée à la première.",
        "cette entrée est ignorée.",
    ]
    assert registry.warnings[1].startswith("dashlord.yml, ligne 4 : l'identifiant « bac » est déjà celui de la ligne 2")


TABLE = """
id,name,url,phase,incubator,statistics_url,budget_url,repository
bac,Bac à sable,https://bac.exemple.fr,acceleration,atelier|fabrique,/stats,,https://forge.exemple.fr/org/bac
,"Seau, pelle",https://seau.exemple.fr/appli,,,,,
"""
TABLE_SERVICES = (
    Service(
        id="bac",
        name="Bac à sable",
        urls=("https://bac.exemple.fr",),
        incubators=("atelier", "fabrique"),
        phases=(Phase(name="acceleration"),),
        statistics_url="https://bac.exemple.fr/stats",
        repository="https://forge.exemple.fr/org/bac",
        warnings=("registry-value-repaired:statistics_url",),
    ),
    Service(id="seau.exemple.fr-appli", name="Seau, pelle", urls=("https://seau.exemple.fr/appli",)),
)


@pytest.mark.parametrize(
    "raw",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("cp1252"),
        TABLE.encode("utf-16"),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace('"Seau, pelle"', "Seau§ pelle").replace(",", ";").replace("§", ",").encode(),
        TABLE.replace('"Seau, pelle"', "Seau§ pelle").replace(",", "\t").replace("§", ",").encode("cp1252"),
        TABLE.replace("id,name,url", "Identifiant,NOM,Adresse").replace("incubator,", "Incubateur,").encode(),
    ],
    ids=["utf-8", "bom", "cp1252", "utf-16", "crlf", "semicolon", "tab-cp1252", "french"],
)
def test_a_csv_table(raw):
    registry = parse_registry(raw, "registre.csv")

    assert registry.kind == "csv"
    assert registry.services == TABLE_SERVICES
    assert registry.warnings == ()


def test_a_table_of_two_encodings_is_read_line_by_line():
    raw = "nom;url\nÉté;a.exemple.fr\n".encode() + "Forêt;b.exemple.fr\n".encode("cp1252")

    assert [service.name for service in parse_registry(raw, "registre.csv").services] == ["Été", "Forêt"]


def test_columns_come_in_any_order_and_the_name_may_miss():
    registry = parse_registry(b"Phase;URL\nconstruction;https://bac.exemple.fr\n", "registre.csv")

    assert registry.services == (
        Service(
            id="bac.exemple.fr",
            name="bac.exemple.fr",
            urls=("https://bac.exemple.fr",),
            phases=(Phase(name="construction"),),
        ),
    )


def test_a_list_of_addresses():
    registry = parse_registry(
        text("""
        # Nos sites
        https://bac.exemple.fr
        seau.exemple.fr   # le seau

        https://guichet.exemple.fr/eau#accueil
        http://localhost:8000
        https:&#x2F;&#x2F;rateau.exemple.fr
        """),
        "sites.txt",
    )

    assert registry.kind == "url-list"
    assert registry.warnings == ()
    assert registry.services == (
        Service(id="bac.exemple.fr", name="bac.exemple.fr", urls=("https://bac.exemple.fr",)),
        Service(id="seau.exemple.fr", name="seau.exemple.fr", urls=("https://seau.exemple.fr",)),
        Service(
            id="guichet.exemple.fr-eau", name="guichet.exemple.fr", urls=("https://guichet.exemple.fr/eau#accueil",)
        ),
        Service(id="localhost-8000", name="localhost", urls=("http://localhost:8000",)),
        Service(
            id="rateau.exemple.fr",
            name="rateau.exemple.fr",
            urls=("https://rateau.exemple.fr",),
            warnings=("registry-value-repaired:url",),
        ),
    )


@pytest.mark.parametrize(
    "raw",
    [
        api(BAC),
        json.dumps({"a.md": "---\ntitle: A\n---\n"}).encode(),
        b"urls:\n- url: https://bac.exemple.fr\n",
        TABLE.encode("cp1252"),
        b"https://bac.exemple.fr\n",
    ],
    ids=["beta-api", "front-matter", "dashlord", "csv", "url-list"],
)
def test_the_bytes_kept_give_the_same_services_again(tmp_path, raw):
    path = tmp_path / "registre"
    path.write_bytes(raw)
    registry = read_registry(str(path))

    assert registry.raw == raw
    assert registry.digest == f"sha256:{hashlib.sha256(raw).hexdigest()}"
    assert registry.source == str(path)
    assert parse_registry(registry.raw, "registry.json").services == registry.services
    assert [Service.from_json(service.to_json()) for service in registry.services] == list(registry.services)


@pytest.mark.parametrize(
    "included, names",
    [
        (
            [{"id": "atelier", "type": "incubator", "attributes": {"title": " L'Atelier\n numérique "}}],
            {"atelier": "L'Atelier numérique"},
        ),
        ([{"id": "atelier", "type": "incubator", "attributes": {"title": "é" * 900}}], {"atelier": "é" * 200}),
        ([{"id": "a", "type": "incubator"}, {"id": "b", "type": "incubator", "attributes": {"title": " "}}], {}),
        ([{"id": "a", "type": "sponsor", "attributes": {"title": "A"}}, 3, None], {}),
        ([{"id": 3, "type": "incubator", "attributes": {"title": "A"}}], {}),
        ({"a": "b"}, {}),
        (None, {}),
    ],
)
def test_the_names_of_incubators_are_read_where_they_are_given(included, names):
    assert parse_registry(api(BAC, included=included), "registre.json").incubators == names
