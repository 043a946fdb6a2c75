"""What a reviewer sees: in a terminal, and in a workbook to fill."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from lxml import etree

from checks.catalogue import BY_ID
from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.service import Service
from checks.model.verdict import Verdict
from reports.figures.figure import Figure, Share
from reports.render.lines import WIDTH
from reports.review.case import Case
from reports.review.concern import Concern, Kind
from reports.review.ranking import Review
from reports.review.stakes import Stake
from reports.review.table import COLUMNS, as_csv, write_xlsx
from reports.review.text import as_text
from reports.store.records import RunRecord

RUNS = Path("runs")
RUN = RunRecord(
    id="2026-11-23T0600Z",
    started_at="2026-11-23T06:00:00Z",
    as_of="2026-11-23",
    registry_digest="sha256:11",
    ruleset="sha256:22",
    state={"health": {"is_healthy": True}},
)
SEEN = Evidence(url="https://un.fr/", capture="<urn:uuid:1>", status=200, excerpt="Bonjour", locator="footer a[1]")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def verdict(rule="https", outcome=Outcome.FAILED, reason="no-redirect", **more):
    about = {"run": RUN.id, "service": "un", "version": 1, "at": "2026-11-23T06:00:00Z", "evidence": (SEEN,)}
    return Verdict(**{"rule": rule, "outcome": outcome, "reason": reason, **about, **more})


def case(*verdicts, kind=Kind.MARGIN, why="Pourquoi.", figures=("https",), **more):
    concerns = (Concern(kind=kind, why=why),)
    return Case(
        service=Service(id="un", name="Un service"),
        verdicts=verdicts or (verdict(),),
        concerns=concerns,
        figures=figures,
        **more,
    )


def a_review(*cases, **more):
    about = {"run": RUN, "rules": BY_ID, "earlier": (), "stakes": (), "judged": 48, "services": 2}
    return Review(cases=cases, **{**about, **more})


def shown(review, limit=None):
    return "\n".join(as_text(review, RUNS, limit)).replace("\N{NO-BREAK SPACE}", " ")


def test_a_case_says_what_why_where_and_what_it_moves():
    assert shown(a_review(case())).split("DÉCIDÉ DE JUSTESSE")[1].splitlines() == [
        "",
        "",
        "1. Un service [un]",
        "   ✗ Non respecté : https",
        "   Pourquoi.",
        "   Verdict : L'adresse en http affiche la page au lieu de renvoyer vers https.",
        "   → https://un.fr/",
        "     « Bonjour » (footer a[1])",
        "     capture <urn:uuid:1> dans 2026-11-23T0600Z/captures/un.warc.gz",
        "   Chiffres : https",
    ]


def test_what_the_reason_already_says_is_said_once():
    said = case(why="Le registre se trompe : l'adresse en http affiche la page au lieu de renvoyer vers https.")
    assert "Verdict" not in shown(a_review(said))


def test_many_rules_are_counted_by_what_they_found():
    failed = [verdict(rule) for rule in ("a", "b", "c", "d", "e", "f")]
    passed = [verdict(rule, Outcome.PASSED) for rule in ("g", "h", "i", "j", "k")]
    text = shown(a_review(case(*failed, *passed)))
    assert "   ✗ Non respecté : a, b, c, d et 2 autres règles ; ✓ Respecté : g, h, i, j, k\n" in text


def test_kinds_are_counted_under_the_first_of_each_and_headed():
    cases = (
        case(verdict(), verdict("hsts"), kind=Kind.UNDECIDED),
        case(kind=Kind.FLIP),
        case(kind=Kind.FLIP, figures=()),
        case(kind=Kind.FLIP, figures=(), is_on_trial=True),
    )
    text = shown(a_review(*cases))
    assert "5 verdicts à regarder, en 4 lignes, sur 48 verdicts de 2 services :" in text
    assert (
        "    1 ligne   Indéterminé (2 verdicts) [undecided]\n    3 lignes  Changé depuis le dernier audit [flip]\n"
        in text
    )
    assert "2 lignes peuvent déplacer un chiffre publié." in text
    heads = [line for line in text.splitlines() if line.isupper()]
    assert heads == [
        "INDÉTERMINÉ",
        "CHANGÉ DEPUIS LE DERNIER AUDIT",
        "SANS EFFET SUR UN CHIFFRE PUBLIÉ : CHANGÉ DEPUIS LE DERNIER AUDIT",
        "RÈGLES À L'ESSAI, QUI NE COMPTENT DANS AUCUN CHIFFRE",
    ]


def test_the_figures_that_looking_could_move_and_no_others():
    figure = Figure(
        id="https", label="Services " + "x " * 40, population="tous", definition="", share=Share(passed=10, failed=10)
    )
    moved = Stake(figure=figure, worst=Share(passed=8, failed=12), best=Share(passed=15, failed=5))
    still = Stake(figure=replace(figure, label="Immobile"), worst=Share(passed=1), best=Share(passed=1))
    unknown = Stake(figure=figure, worst=Share(undecided=1), best=Share(passed=1))
    text = shown(a_review(case(), stakes=(moved, still, unknown)))
    assert "50 %                   de 40 % à 75 %\n" in text
    assert "de n/d à 100 %" in text
    assert "Immobile" not in text


def test_the_first_lines_are_shown_and_the_others_counted():
    text = shown(a_review(*[case()] * 5), limit=2)
    assert "2. Un service" in text
    assert "3. Un service" not in text
    assert "Et 3 autres lignes : --limit 5 les montre" in text
    assert "Et " not in shown(a_review(*[case()] * 2), limit=2)


@pytest.mark.parametrize(
    "count, said", [(0, ""), (1, ", comparé à celui du 23 novembre 2026"), (3, ", comparé aux 3 d'avant")]
)
def test_what_it_was_compared_with_is_said(count, said):
    assert shown(a_review(case(), earlier=[RUN] * count)).startswith(
        f"Audit 2026-11-23T0600Z, au 23 novembre 2026{said}\n"
    )


def test_a_run_that_is_not_sound_is_said_to_be_so():
    assert "cet audit n'est pas sain" in shown(
        a_review(case(), run=replace(RUN, state={"health": {"is_healthy": False}}))
    )
    assert "sain" not in shown(a_review(case()))


def test_nothing_to_look_at_is_one_sentence():
    assert shown(a_review()).endswith("\nRien à regarder, parmi 48 verdicts.")


def test_lines_fit_a_terminal_but_for_what_is_to_be_copied():
    text = shown(a_review(case(why="mot " * 100, figures=("statistics-pages",) * 9), case(verdict(evidence=()))))
    assert all(len(line) <= WIDTH for line in text.splitlines() if "capture" not in line)
    assert "(aucune adresse)" in text


def test_a_workbook_offers_the_decisions_that_may_be_made():
    file = io.BytesIO()
    review = a_review(case(), case(verdict(), verdict("hsts")))
    write_xlsx(file, review, RUNS)
    with ZipFile(file) as parts:
        sheet = etree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
    (allowed,) = sheet.iter(f"{SHEET}dataValidation")
    column = chr(ord("A") + list(COLUMNS).index("decision"))
    assert (allowed.get("type"), allowed.get("sqref")) == ("list", f"{column}2:{column}4")
    assert allowed.findtext(f"{SHEET}formula1") == '"passed,failed,cantTell,inapplicable"'
    (pane,) = sheet.iter(f"{SHEET}pane")
    assert (pane.get("ySplit"), pane.get("state")) == ("1", "frozen")
    assert len(list(sheet.iter(f"{SHEET}row"))) == 4


def test_an_empty_workbook_has_its_head_and_no_list():
    file = io.BytesIO()
    write_xlsx(file, a_review(), RUNS)
    with ZipFile(file) as parts:
        sheet = etree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
    assert len(list(sheet.iter(f"{SHEET}row"))) == 1
    assert not list(sheet.iter(f"{SHEET}dataValidation"))


def test_verdicts_of_a_case_share_its_rank():
    lines = list(as_csv(a_review(case(verdict(), verdict("hsts")), case()), RUNS))
    assert [line.split(",")[0] for line in lines] == ["rank", "1", "1", "2"]
    assert len(list(as_csv(a_review(case(verdict(), verdict("hsts")), case()), RUNS, 1))) == 3
