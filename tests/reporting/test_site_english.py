"""A site in English says nothing in French but what it quotes: names, excerpts, code, and what is marked as French."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from click.testing import CliRunner
from lxml import etree, html

from benchmarks.made_up_runs import make_runs, services_of
from checks.catalogue import BY_ID
from checks.model.run_folder import RunFolder
from reports.cli import toise
from reports.store.load import load_run
from reports.store.session import open_store

SERVICES = 12
FRENCH = re.compile(
    r"[àâäçéèêëîïôöùûüœ«»]"
    r"|\b(?:[cdjlmnst]|qu|jusqu)['’](?=\w)"
    r"|\b(?:au|aux|avec|ce|ces|cette|chaque|comment|dans|de|des|du|elle|en|est|et|il|ils|la|le|les|leur|mais|ne|nous|ou|par|pas"
    r"|pour|quand|que|qui|sa|sans|ses|si|son|sont|sous|sur|tous|tout|un|une|vers|aucun|aucune|jour|page d)\b",
    re.IGNORECASE,
)
"""Letters, elisions and small words that English does not have."""
READ_ALOUD = ("aria-label", "title", "alt", "content", "placeholder")
OVERRIDE = """[[override]]
service = "{service}"
rule = "{rule}"
outcome = "{outcome}"
reason = "Seen again by hand."
author = "A person"
evidence = "https://exemple.invalid/"
until = {until}
"""
OVERRIDES = (
    ("service-00003", "https", "passed", "2026-12-01"),
    ("service-00004", "https", "cantTell", "2027-06-01"),
    ("service-00005", "https", "passed", "2026-06-01"),
    ("service-99999", "https", "passed", "2027-06-01"),
)
"""In force and soon ending, in force, expired, of no service."""


PUBLISHER = """site = "https://toise.invalid/"
[publisher]
name = "Office"
director = "A person"
address = "1 street"
phone = "01 99 00 00 00"
email = "a@toise.invalid"
[host]
name = "Host"
address = "2 street"
phone = "01 99 00 00 01"
[data]
licence = "Open Licence"
[privacy]
logs = "one year"
[accessibility]
tested = 2026-11-20
tests = ["By hand"]
pages = ["Home"]
not_accessible = ["Excerpts"]
{audit}schema = "https://a.invalid/schema"
schema_years = "2026-2028"
plan = "https://a.invalid/plan"
plan_year = 2026
"""
AUDIT = """level = "partiellement"
rate = 72.5
audited = 2026-10-01
auditor = "Auditor"
"""
PUBLISHERS = {"nobody": None, "not audited": PUBLISHER.format(audit=""), "audited": PUBLISHER.format(audit=AUDIT)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Runs without any French name; the last has corrections of every kind, and is not sound."""
    folder = tmp_path_factory.mktemp("english")
    services = [replace(service, name=f"Service {service.id[-2:]}") for service in services_of(SERVICES)]
    make_runs(folder, services, 2)
    last = RunFolder(max((folder / "runs").iterdir()))
    last.update({"health": {"is_healthy": False, "reasons": ["Trop de sites injoignables."]}})
    overrides = (
        OVERRIDE.format(service=service, rule=rule, outcome=outcome, until=until)
        for service, rule, outcome, until in OVERRIDES
    )
    (last.path / "overrides.toml").write_text("\n".join(overrides), "utf-8")
    engine = open_store(f"sqlite:///{folder / 'toise.db'}")
    load_run(engine, last)
    engine.dispose()
    return folder


@pytest.fixture(scope="module", params=PUBLISHERS)
def site(request, folder):
    site = folder / request.param
    arguments = [
        "--runs",
        str(folder / "runs"),
        "--database",
        f"sqlite:///{folder / 'toise.db'}",
        "--output",
        str(site),
    ]
    if said := PUBLISHERS[request.param]:
        (folder / "publisher.toml").write_text(said, "utf-8")
        arguments += ["--publisher", str(folder / "publisher.toml")]
    last = max((folder / "runs").iterdir()).name
    done = CliRunner().invoke(toise, ["report", last, *arguments, "--lang", "en"])
    assert done.exit_code == 0, done.output
    return site


@pytest.fixture(scope="module")
def pages(site):
    return {path.relative_to(site).as_posix(): html.fromstring(path.read_bytes()) for path in site.rglob("*.html")}


def _spoken(page):
    """What a page says in its own language, text by text."""
    for element in page.iter():
        if isinstance(element.tag, str) and not element.xpath(
            "ancestor-or-self::*[self::bdi or self::code or @lang!='en']"
        ):
            yield from (text for name, text in element.items() if name in READ_ALOUD or name.startswith("data-"))
            yield element.text or ""
        if element.tail and not element.xpath("parent::*/ancestor-or-self::*[self::bdi or self::code or @lang!='en']"):
            yield element.tail


def test_pages_say_that_they_are_in_english(pages):
    assert {page.get("lang") for page in pages.values()} == {"en"}


def test_no_page_speaks_french(pages):
    found = {path: [text for text in _spoken(page) if FRENCH.search(text)] for path, page in pages.items()}
    assert not {path: texts[:5] for path, texts in found.items() if texts}


def test_what_is_quoted_in_french_says_so(pages):
    page = pages["rules/accessibility-mention.html"]
    assert "«\xa0Accessibilité\xa0: non conforme\xa0»" in page.xpath("//li/span[@lang='fr']/text()")


def test_no_feed_speaks_french(site):
    feeds = [etree.fromstring(path.read_bytes()) for path in site.rglob("*.atom")]
    assert {feed.get("{http://www.w3.org/XML/1998/namespace}lang") for feed in feeds} == {"en"}
    texts = [
        text for feed in feeds for text in feed.xpath("//*[local-name()='title' or local-name()='summary']/text()")
    ]
    assert len(texts) > len(feeds)
    assert not [text for text in texts if FRENCH.search(re.sub("«[^»]*»", "", text))]


def test_figures_are_told_in_english(site):
    told = json.loads((site / "data" / "summary.json").read_text("utf-8"))["figures"]
    texts = [figure[name] for figure in told for name in ("label", "population", "definition")]
    package = json.loads((site / "data" / "datapackage.json").read_text("utf-8"))
    texts += [package["title"], package["description"], *(resource["title"] for resource in package["resources"])]
    assert not [text for text in texts if FRENCH.search(text)]


def test_no_badge_speaks_french(site):
    badges = [etree.fromstring(path.read_bytes()) for path in site.rglob("badges/**/*.svg")]
    labels = {badge.get("aria-label") for badge in badges}
    assert len(labels) > len(BY_ID)
    assert not [label for label in labels if FRENCH.search(label)]
