"""What the pages say of who publishes them, of how they are made and of how they are served."""

from __future__ import annotations

import json
import re
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from lxml import html

from checks.catalogue import BY_ID
from checks.model.service import PhaseGroup, Service
from reports.cli import main
from reports.figures.accuracy import accuracy
from reports.language import speaking
from reports.publisher.publisher import Accessibility, Publisher
from reports.publisher.reading import sample_publisher
from reports.render.pages.method import MISTAKES
from reports.render.serving import EVERYWHERE, PLACES, Serving, apache_file, headers_file, nginx_file, policy
from reports.render.site import Report, build_site
from reports.store.records import AuditedService, RunRecord
from tests.reporting.hostile_run import RUN, harmless, write_run
from tests.reporting.test_exports import VERDICT, audited

SAMPLE = sample_publisher(date(2026, 11, 23))
AUDITED = Accessibility(
    level="partially",
    established=date(2026, 10, 2),
    rate=72.5,
    auditor="la société Exemple",
    audited=date(2026, 10, 1),
    not_accessible=("Les graphiques.",),
)
WHOLE = replace(AUDITED, level="totally", rate=100.0, not_accessible=())
SILENT = replace(SAMPLE, accessibility=Accessibility())


def built(folder: Path, publisher: Publisher | None, **services: tuple[AuditedService, ...]) -> Path:
    run = RunRecord(
        id="2026-11-23T0600Z",
        started_at="2026-11-23T06:00:00Z",
        as_of="2026-11-23",
        registry_digest="sha256:abc",
        ruleset="sha256:def",
        state={},
    )
    parts = ("by_phase", "by_incubator", "by_sponsor", "services", "bare_services")
    nothing = dict.fromkeys(("figures", "registry_figures", *parts), ())
    report = Report(run=run, **(nothing | services), rules=BY_ID, evidence=lambda *_: None, publisher=publisher)
    return build_site(report, folder / "site").parent


def text_of(folder: Path, name: str) -> str:
    return " ".join(html.fromstring((folder / name).read_bytes()).xpath("//main")[0].text_content().split())


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("sample"), SAMPLE)


@pytest.fixture(scope="module")
def nobody(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("nobody"), None)


def links(folder: Path, name: str = "index.html") -> list[str]:
    return [
        " ".join(one.text_content().split())
        for one in html.fromstring((folder / name).read_bytes()).xpath("//footer//a")
    ]


def test_every_page_says_who_answers_for_it(sample: Path, nobody: Path):
    ours = ["Accessibilité : non conforme", "Mentions légales", "Données personnelles", "Méthode et limites"]
    for page in sample.rglob("*.html"):
        assert links(sample, page.relative_to(sample).as_posix()) == [*ours, "Code source", "Statistiques", "Budget"]
    assert links(nobody) == ours


def test_pages_say_what_nobody_said(nobody: Path):
    for name in ("accessibilite.html", "mentions-legales.html", "donnees-personnelles.html"):
        assert "Ce site n’est pas prêt à être publié." in text_of(nobody, name)
    assert "Il n’a pas encore dit comment lui écrire." in text_of(nobody, "methode.html")
    assert not (nobody / ".well-known").exists()


def test_pages_say_what_the_publisher_said(sample: Path):
    legal, privacy = text_of(sample, "mentions-legales.html"), text_of(sample, "donnees-personnelles.html")
    for said in ("Atelier de la mesure", "Anouk Le Bihan", "Nuage des Embruns SAS", "Licence Ouverte 2.0"):
        assert said in legal
    assert "Les journaux sont conservés douze mois" in privacy
    assert "dpd@toise.example" in privacy
    assert not [page for page in sample.rglob("*.html") if "prêt à être publié" in page.read_text("utf-8")]


def checked(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The verdicts of our own rules on the pages, read from the disk."""
    monkeypatch.chdir(tmp_path)
    saved = [f"--page=/={folder / 'index.html'}", f"--page=accessibilite.html={folder / 'accessibilite.html'}"]
    out = StringIO()
    command = (
        "check",
        "https://toise.example/",
        *saved,
        "--as-of",
        "2026-11-23",
        "--render",
        "never",
        "--format",
        "json",
    )
    with redirect_stdout(out), redirect_stderr(StringIO()), pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 0
    verdicts = map(json.loads, out.getvalue().splitlines())
    return {one["rule"]: f"{one['outcome']} {one['value']}" for one in verdicts if "accessibility" in one["rule"]}


@pytest.mark.parametrize(
    "publisher, level",
    [
        (SAMPLE, "not"),
        (SILENT, "not"),
        (replace(SAMPLE, accessibility=AUDITED), "partially"),
        (replace(SAMPLE, accessibility=WHOLE), "totally"),
    ],
    ids=["tested", "silent", "audited", "whole"],
)
def test_a_declaration_is_complete_and_agrees_with_the_mention(
    publisher: Publisher, level: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    found = checked(built(tmp_path, publisher), tmp_path, monkeypatch)
    parts = ("", "-model", "-validity", "-consistency")
    assert found["accessibility-mention"] == f"passed {level}"
    assert {found[f"accessibility-declaration{part}"] for part in parts} == {"passed None"}


@pytest.mark.parametrize("accessibility", [SAMPLE.accessibility, AUDITED, WHOLE], ids=["tested", "audited", "whole"])
def test_so_it_is_in_english(accessibility: Accessibility, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with speaking("en"):
        folder = built(tmp_path, replace(SAMPLE, accessibility=accessibility))
    found = checked(folder, tmp_path, monkeypatch)
    assert found["accessibility-mention"] == f"passed {accessibility.level}"
    assert found["accessibility-declaration-model"] == "passed None"
    assert found["accessibility-declaration-consistency"] == "passed None"


def test_nothing_but_the_publisher_is_missing_of_a_declaration_without_one(
    nobody: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    found = checked(nobody, tmp_path, monkeypatch)
    assert found["accessibility-mention"] == "passed not"
    assert found["accessibility-declaration-model"] == "failed organisation,contact"


def test_the_pages_of_an_audit_are_named_as_those_of_tests(tmp_path: Path):
    audited = replace(AUDITED, pages=("Accueil", "Une fiche"))
    assert "Pages concernées : Accueil Une fiche" in text_of(
        built(tmp_path, replace(SAMPLE, accessibility=audited)), "accessibilite.html"
    )


def test_the_method_shows_what_was_measured(sample: Path):
    page = html.fromstring((sample / "methode.html").read_bytes())
    measured = accuracy()
    (table,) = page.xpath("//table")
    rows = {row[0].xpath("string(.//a/@href)"): row for row in table.xpath("tbody/tr")}
    assert list(rows) == [f"rules/{rule}.html" for rule in measured.rules]
    mention = measured.rules["accessibility-mention"]
    cells = [" ".join(cell.text_content().split()) for cell in rows["rules/accessibility-mention.html"]][1:]
    assert cells[0].endswith(f"{mention.agreed} sur {mention.services}")
    assert cells[1].endswith(f"{mention.passed.right} sur {mention.passed.given}")
    assert cells[4].endswith(f"{mention.failed.right} sur {mention.failed.expected}")
    assert cells[5:] == [str(mention.cant_tell.expected), str(mention.cant_tell.given)]
    named = {
        link.rpartition("/")[2].removesuffix(".html")
        for link in page.xpath("//main//a[starts-with(@href, 'rules/')]/@href")
    }
    assert named == set(BY_ID), "a rule is measured, or said not to be"
    assert MISTAKES.keys() == measured.mistakes.keys()


def test_a_page_of_errors_may_be_served_at_any_address(tmp_path: Path, sample: Path):
    page = html.fromstring((sample / "404.html").read_bytes())
    assert page.xpath("//link/@href") == ["/toise.css"]
    folder = built(tmp_path, replace(SAMPLE, site="https://exemple.example/toise/"))
    page = html.fromstring((folder / "404.html").read_bytes())
    ours = {href for href in page.xpath("//@href") if not href.startswith(("https:", "#"))}
    assert {href.startswith("/toise/") for href in ours} == {True}
    assert (folder / "robots.txt").read_text("utf-8") == "User-agent: *\nDisallow: /toise/preuves/\n"
    assert "\n/toise/data/*\n" in (folder / "_headers").read_text("utf-8")
    assert "Canonical: https://exemple.example/.well-known/security.txt\n" in (
        folder / ".well-known" / "security.txt"
    ).read_text("utf-8")


def test_security_txt_ends_within_a_year(sample: Path):
    lines = (sample / ".well-known" / "security.txt").read_text("utf-8").splitlines()
    assert lines[:2] == ["Contact: mailto:securite@toise.example", "Expires: 2027-11-22T00:00:00Z"]


def test_no_header_stands_in_two_places_that_overlap():
    for place in PLACES:
        assert place is EVERYWHERE or not place.headers.keys() & EVERYWHERE.headers.keys()
    folders = [place.path.rstrip("*") for place in PLACES if place is not EVERYWHERE]
    assert not [(one, other) for one in folders for other in folders if one != other and other.startswith(one)]


def test_servers_are_told_the_same():
    serving = Serving()
    nginx, apache, others = nginx_file(serving), apache_file(serving), headers_file(serving)
    for place in PLACES:
        path = place.path.rstrip("*")
        for name, value in place.headers.items():
            assert f"  {name}: {value}\n" in others.partition(f"{place.path}\n")[2]
            assert f'add_header {name} "{value}" always;' in re.split(rf"location [\^~= ]*{re.escape(path)} ", nginx)[1]
            assert f'Header always set {name} "{value}"\n' in apache
    locations = nginx.split("location ")[1:]
    assert len(locations) == len(PLACES)
    assert all(policy() in location for location in locations), "a location inherits no header"


@pytest.mark.parametrize("given", [(), ("--publisher", "absent.toml")])
def test_a_report_without_publisher_says_so_once(
    given: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    write_run(tmp_path / "runs", harmless)
    ended = {}
    for verb in (("load", RUN), ("report", RUN, *given)):
        err = StringIO()
        with redirect_stdout(StringIO()), redirect_stderr(err), pytest.raises(SystemExit) as exit_code:
            main(verb)
        ended = {"code": exit_code.value.code, "err": err.getvalue()}
    if given:
        assert ended["code"] == 2
        assert "absent.toml n'existe pas" in ended["err"]
        assert not (tmp_path / "report").exists()
    else:
        assert ended["code"] == 0
        assert ended["err"].count("--publisher FICHIER") == 1


def test_a_scorecard_gives_a_badge_to_paste(tmp_path: Path):
    services = (audited(VERDICT), replace(audited(), group=PhaseGroup.STOPPED, service=Service(id="fini", name="Fini")))
    folder = built(tmp_path, SAMPLE, services=services, bare_services=services)
    markdown, markup = html.fromstring((folder / "services" / "a-just.html").read_bytes()).xpath(
        "//h2[.='Montrer un résultat ailleurs']/following-sibling::details[1]//pre/code/text()"
    )
    image, page = f"{SAMPLE.site}badges/a-just/accessibility-mention.svg", f"{SAMPLE.site}services/a-just.html"
    assert markdown == f"[![Toise, Mention d'accessibilité]({image})]({page}#accessibility-mention)"
    assert html.fromstring(markup).get("href") == f"{page}#accessibility-mention"
    assert (folder / "badges" / "a-just" / "accessibility-mention.svg").is_file()
    assert "Montrer un résultat" not in (folder / "services" / "fini.html").read_text("utf-8")
