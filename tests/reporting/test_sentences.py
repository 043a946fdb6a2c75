from __future__ import annotations

from dataclasses import replace

import pytest

from reports.figures.audited import FIGURES
from reports.figures.figure import Figure, Share
from reports.figures.registry import registry_figures
from reports.render.sentences import said, sentences
from reports.render.wordings import WORDINGS
from tests.reporting.annual_run import figure, report, run

SAID = [
    ("accessibility-obligations", Share(passed=170, failed=66, undecided=12), "72 % (69 % à 73 %) des services du réseau, toutes phases confondues, respectent les obligations déclaratives (mention et déclaration)"),
    ("accessibility-obligations", Share(passed=3, failed=2, undecided=1), "3 services du réseau sur 5, toutes phases confondues, respectent les obligations déclaratives (mention et déclaration) (1 indéterminé)"),
    ("accessibility-obligations", Share(passed=1, failed=1), "1 service du réseau sur 2, toutes phases confondues, respecte les obligations déclaratives (mention et déclaration)"),
    ("statistics-pages", Share(passed=170, failed=50), "170 services ont publié une page présentant leurs statistiques"),
    ("statistics-pages", Share(passed=1, failed=50), "1 service a publié une page présentant ses statistiques"),
    ("statistics-pages", Share(passed=0, failed=50), "0 service a publié une page présentant ses statistiques"),
    ("budget-pages", Share(passed=81, failed=50, undecided=3), "81 services ont publié leur budget"),
    ("open-source", Share(passed=80, failed=20), "80 % des services en accélération et pérennisés ont un code source ouvert"),
    ("open-source", Share(passed=999, failed=1), "99 % des services en accélération et pérennisés ont un code source ouvert"),
    ("open-source", Share(passed=50), "100 % des services en accélération et pérennisés ont un code source ouvert"),
    ("open-source", Share(passed=50, undecided=1), "50 services en accélération ou pérennisés sur 50 ont un code source ouvert (1 indéterminé)"),
    ("open-source", Share(failed=50, undecided=1), "0 service en accélération ou pérennisé sur 50 a un code source ouvert (1 indéterminé)"),
    ("open-source", Share(failed=50), "0 % des services en accélération et pérennisés ont un code source ouvert"),
    ("https", Share(passed=5, failed=5), "50 % des services imposent HTTPS avec un certificat valide"),
    (
        "https",
        Share(passed=4, failed=5, undecided=1),
        "4 services sur 9 imposent HTTPS avec un certificat valide (1 indéterminé)",
    ),
    ("another", Share(passed=30, failed=10), "Services qui respectent les obligations : 75 %"),
    ("another", Share(passed=3, failed=1), "Services qui respectent les obligations : 3 sur 4"),
    ("another", Share(passed=3, undecided=17), "Services qui respectent les obligations : 3 sur 3 (17 indéterminés)"),
]  # fmt: skip


@pytest.mark.parametrize("name, share, expected", SAID)
def test_a_figure_is_said_by_a_percentage_or_by_its_counts(name, share, expected):
    assert said(figure(share, id=name)).replace("\N{NO-BREAK SPACE}", " ") == expected


@pytest.mark.parametrize("share", [Share(), Share(undecided=40), Share(inapplicable=12)])
@pytest.mark.parametrize("name", ["accessibility-obligations", "statistics-pages", "another"])
def test_nothing_is_said_of_what_could_not_be_judged(name, share):
    assert said(figure(share, id=name)).endswith("n/d, aucun service n'a pu être jugé")


@pytest.mark.parametrize(
    "name, count, more, expected",
    [
        ("services-supported", 248, {}, "248 services sont accompagnés ou pérennisés"),
        ("investigations", 38, {"details": {"not-ended": 35}}, "38 investigations sont en cours au registre, dont 35 dont la date de fin n'est pas passée"),
        ("national-impact-events", 23, {"details": {"not-stopped": 22, "events": []}}, "23 services à impact national sont enregistrés au registre, dont 22 non arrêtés"),
        ("fast-events", 29, {}, "29 lauréats du FAST sont enregistrés au registre, qui n'en contient qu'une partie"),
        ("launched-by-dinum", 11, {"by": "year", "group": "2024", "details": {"with-dinum_produits_interministeriels": 14}}, "11 services ont été lancés par la DINUM en 2024 (14 avec ses produits interministériels)"),
        ("national-impact-new", 1, {"by": "year", "group": "2024"}, "1 nouveau service à impact national au titre de 2024 (événement daté de 2025 au registre)"),
        ("investigations", 2, {}, "2 investigations sont en cours au registre, dont n/d dont la date de fin n'est pas passée"),
    ],
)  # fmt: skip
def test_a_figure_of_the_registry_is_said_by_its_count(name, count, more, expected):
    assert said(figure(id=name, count=count, **more)) == expected


def test_every_figure_has_words_of_its_own():
    registered = {one.id for one in registry_figures((), today="2026-11-23", year=2025) if one.by in {"", "year"}}
    assert set(WORDINGS) == {one.id for one in FIGURES} | registered


def test_the_proof_makes_a_sentence_checkable():
    (first, *_) = sentences(report())
    proof = " ".join(first.proof).replace("\N{NO-BREAK SPACE}", " ")
    assert proof == (
        "170 sur 236 jugés, soit 72 %, et 12 indéterminés, selon lesquels la part est entre 69 % et 73 %. "
        "Comptés à part : 62 sans objet, 1 non testé. Parmi : services qui ont une adresse. "
        "Définition : La règle est respectée. "
        "Audit 2026-11-23T0600Z du 23 novembre 2026, situation au 23 novembre 2026, registre sha256:202611230123…, "
        "règles sha256:fedcba987654…, Toise 0.1.0."
    )


def test_the_bounds_of_few_services_are_counts():
    (first, *_) = sentences(report(figures=(figure(Share(passed=3, failed=2, undecided=2)),)))
    assert first.proof[0] == "3 sur 5 jugés, et 2 indéterminés, selon lesquels la part est entre 3 et 5 sur 7."


def test_the_bounds_of_a_number_of_services_are_numbers():
    (first, *_) = sentences(report(figures=(figure(Share(passed=170, failed=50, undecided=8), id="statistics-pages"),)))
    assert first.text.startswith("170")
    assert first.proof[0].endswith("et 8 indéterminés, selon lesquels ce nombre est entre 170 et 178.")


def test_a_share_of_the_registry_is_not_said_to_be_judged():
    declared = figure(Share(passed=128, failed=22), id="open-source-declared")
    (*_, last) = sentences(report(registry_figures=(declared,)))
    assert last.proof[0].replace("\N{NO-BREAK SPACE}", " ") == "128 sur 150, soit 85 %."


def test_a_corrected_figure_is_said_with_and_without():
    found = figure(Share(passed=30, failed=10))
    held = replace(found, share=Share(passed=32, failed=8), corrections=2, without=found)
    (first, *_) = sentences(report(figures=(held,)))
    assert first.text.startswith("80")
    assert first.proof[1].replace("\N{NO-BREAK SPACE}", " ") == (
        "Sans les 2 corrections : 30 sur 40 jugés, soit 75 %, aucun indéterminé."
    )


def test_a_run_that_is_not_sound_says_so_in_each_sentence():
    for one in sentences(report(run=run(is_healthy=False))):
        assert one.proof[-1].endswith("Cet audit n'est pas sain : ce chiffre n'est pas à publier.")


def test_an_accepted_run_says_why():
    health = {"is_healthy": True, "reasons": ["r"], "accepted": "le registre a été nettoyé"}
    (first, *_) = sentences(report(run=run(health=health)))
    assert first.proof[-1].endswith("malgré ses contrôles de santé : le registre a été nettoyé")


def test_parts_of_the_registry_are_no_sentences():
    figures = sentences(report())
    assert [one.figure.id for one in figures] == ["accessibility-obligations", "services-supported"]
    assert all(isinstance(one.figure, Figure) for one in figures)
