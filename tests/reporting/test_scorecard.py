from __future__ import annotations

import io
import re
from dataclasses import replace

from rich.console import Console

from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Rule, Status
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict
from reports.render.scorecard import render_scorecard
from reports.store.records import AuditedService

RULES = {
    name: Rule(
        id=name,
        version=1,
        since="0.1.0",
        status=Status.ACTIVE,
        title=title,
        page="Une page.",
        judge=lambda: Finding(reason="found"),
        outcomes={"found": Outcome.PASSED, "none": Outcome.FAILED},
        messages={"found": "Elle est là.", "none": "Aucune page n'a été trouvée."},
        warnings={"external-host": "La page est sur un autre site."},
    )
    for name, title in (("statistics-page", "Page de statistiques"), ("https", "HTTPS"), ("budget-page", "Budget"))
}


def _verdict(rule, reason, **more):
    return Verdict(
        run="r", service="s", rule=rule, version=1, outcome=RULES[rule].outcome(reason), reason=reason, at="", **more
    )


def _printed(service, *, width=100, terminal=False):
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=terminal, color_system="standard" if terminal else None)
    console.print(render_scorecard(service, RULES, width=width))
    return out.getvalue()


def _service(name="A-JUST", *verdicts, url="https://a-just.example/"):
    service = Service(id="s", name=name, urls=(url,), warnings=("registry-value-repaired:budget_url",))
    return AuditedService(service=service, group=PhaseGroup.CONSTRUCTION, verdicts=verdicts)


EVIDENCE = Evidence(
    url="https://a-just.example/stats", capture="", status=404, excerpt="Page introuvable", locator="main h1"
)


def test_a_scorecard_says_what_is_wrong_where_and_why():
    failed = _verdict(
        "statistics-page",
        "none",
        evidence=(EVIDENCE,),
        facts={"missing": ["recourse", "x-neuf"]},
        value="recourse, x-neuf",
    )
    warned = _verdict("https", "found", warnings=("external-host", "moved"), value="A+")
    assert [line.rstrip() for line in _printed(_service("A-JUST", failed, warned)).splitlines()] == [
        "A-JUST",
        "https://a-just.example/",
        "Non respecté : 1, Respecté : 1, Non testé : 1",
        "! Le registre contient une valeur mal écrite, que nous avons réparée (page de budget).",
        "",
        "✗ Non respecté  Page de statistiques [statistics-page]",
        "  Aucune page n'a été trouvée.",
        "  Ce qui manque : les voies de recours (Défenseur des droits), x-neuf",
        "    → https://a-just.example/stats (réponse HTTP 404)",
        "      Endroit : main h1",
        "      « Page introuvable »",
        "",
        "✓ Respecté  HTTPS [https]",
        "  Elle est là. Relevé : A+",
        "  ! La page est sur un autre site.",
        "  ! Le site se trouve à une autre adresse que celle du registre.",
        "",
        "· Non testé  Budget [budget-page]",
        "  La règle n'a pas été exécutée pour ce service.",
    ]


MENDING = {
    "received": ["X-Frame-Options: ALLOWALL", "\x1b[31mX: " + "y" * 1_000],
    "send": "X-Frame-Options: SAMEORIGIN",
    "remedies": {"nginx": 'add_header X-Frame-Options "SAMEORIGIN" always;', "django": "X_FRAME_OPTIONS", "z\x1b": "z"},
}


def test_a_header_that_fails_says_what_came_and_what_to_send():
    printed = _printed(_service("A", _verdict("https", "none", facts=MENDING)), width=400)
    lines = [line.strip() for line in printed.splitlines()]
    assert "En-tête reçu : X-Frame-Options: ALLOWALL" in lines
    assert any(line.startswith("En-tête reçu : ⟨U+001B⟩[31mX: yyy") and len(line) < 330 for line in lines)
    assert "En-tête à envoyer : X-Frame-Options: SAMEORIGIN" in lines
    assert "Les lignes à ajouter (nginx, Django, z⟨U+001B⟩) : toise explain https" in lines


def test_the_tests_of_the_observatory_that_move_the_score():
    tests = {
        "cookies": {"result": "cookies-not-found", "pass": True, "scoreModifier": 0},
        "x-frame-options": {"result": "x-frame-options-sameorigin-or-deny", "pass": True, "scoreModifier": 5},
        "strict-transport-security": {"result": "hsts-not-implemented", "pass": False, "scoreModifier": -20},
    }
    printed = _printed(_service("A", _verdict("https", "none", facts={"score": 80, "algorithm": 6, "tests": tests})))
    lines = [line.strip() for line in printed.splitlines()]
    at = next(rank for rank, line in enumerate(lines) if line.startswith("80") and "algorithme v6" in line)
    assert lines[at + 1 : at + 3] == [
        "−20 https imposé (HSTS) : absent",
        "+5 Mise en cadre (X-Frame-Options) : interdite aux autres sites",
    ]
    assert "Cookies" not in printed


def test_a_rule_on_trial_says_so():
    rules = {name: replace(rule, status=Status.EVALUATION) for name, rule in RULES.items()}
    out = io.StringIO()
    Console(file=out, width=200).print(render_scorecard(_service("A", _verdict("https", "found")), rules, width=200))
    assert out.getvalue().count("Règle à l'essai : son verdict ne compte dans aucun chiffre.") == 3
    assert "à l'essai" not in _printed(_service("A", _verdict("https", "found")))


def test_nothing_is_sent_for_a_rule_that_passes_or_for_facts_of_another_shape():
    passed = _verdict("https", "found", facts=MENDING)
    odd = _verdict("budget-page", "none", facts={"send": "X: y", "received": "no list", "remedies": ["no", "table"]})
    printed = _printed(_service("A", passed, odd))
    assert printed.count("En-tête à envoyer") == 1
    assert "En-tête reçu : aucun" in printed


def test_foreign_text_cannot_act_on_the_terminal():
    hostile = "\x1b]0;titre\x07[bold]gras[/bold] :smile: \u202e\x9b31m"
    evidence = Evidence(url=hostile, capture="", excerpt=hostile, locator=hostile)
    verdict = _verdict("https", "none", evidence=(evidence,), warnings=(hostile,), value=hostile)
    printed = _printed(_service(hostile, verdict, url=hostile), terminal=True)
    assert set(re.findall(r"\x1b.{0,1}", printed)) == {"\x1b["}  # the colours of rich, and nothing of the text
    assert not re.search("[\x00-\x09\x0b-\x1a\x1c-\x1f\x7f-\x9f\u202e]", printed)
    assert "⟨U+001B⟩]0;titre⟨U+0007⟩[bold]gras[/bold] :smile: ⟨U+202E⟩" in printed


def test_nothing_is_wider_than_asked():
    verdict = _verdict("https", "none", evidence=(Evidence(url="https://x.example/" + "y" * 10_000, capture=""),))
    lines = _printed(_service("mot" * 3000, verdict), width=40).splitlines()
    assert max(map(len, lines)) <= 40
    assert sum(line.count("y") for line in lines) >= 10_000


def test_no_colour_where_there_is_no_terminal():
    service = _service("A", _verdict("https", "none"))
    assert "\x1b" not in _printed(service)
    assert "\x1b[1;31m✗ Non respecté" in _printed(service, terminal=True)
