"""Sites as services have them, invented from a seed: pages of 15 to 60 kB and of some 300 elements, as half of real ones are
(the pages that our figures rest on: median 32 kB, 292 elements), with the links and documents that the rules look for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

_WORDS = (
    "service",
    "usager",
    "démarche",
    "dossier",
    "demande",
    "réponse",
    "agent",
    "commune",
    "département",
    "région",
    "aide",
    "droit",
    "rendez-vous",
    "formulaire",
    "attestation",
    "délai",
    "équipe",
    "numérique",
    "public",
    "accompagnement",
    "information",
    "donnée",
    "parcours",
    "étape",
    "projet",
)

_LEVELS = ("non conforme", "partiellement conforme", "totalement conforme")

_TITLES: Mapping[str, str] = {
    "index": "Accueil",
    "accessibilite": "Déclaration d’accessibilité",
    "stats": "Statistiques",
    "budget": "Budget",
    "mentions-legales": "Mentions légales",
    "politique-de-confidentialite": "Politique de confidentialité",
    "cgu": "Conditions générales d’utilisation",
}


def write_site(folder: Path, number: int, seed: int, *, is_light: bool = False) -> None:
    """The files of one site, of the same bytes for the same number and seed; light pages have what they are about and nothing
    else: 3 to 5 kB, some 60 elements."""
    folder.mkdir(parents=True)
    choose = Random(f"{seed}-{number}")  # noqa: S311 - no secret, the same every time
    level = choose.choice(_LEVELS)
    for path, title in _TITLES.items():
        cards, props = (0, 0) if is_light else (choose.randint(4, 24), choose.randint(20, 120))
        main = "\n".join(_main(path, level, choose, cards))
        page = _page(f"{title} - Service {number}", main, level, choose, props)
        (folder / f"{path}.html").write_text(page, "utf-8")
    (folder / "robots.txt").write_text("User-agent: *\nDisallow: /admin\n", "utf-8")


def _page(title: str, main: str, level: str, choose: Random, props: int) -> str:
    state = json.dumps({"props": [_sentence(choose) for _ in range(props)]})
    menu = "".join(
        f'<li class="fr-nav__item"><a class="fr-nav__link" href="/{word}">{word.title()}</a></li>'
        for word in _WORDS[:8]
    )
    foot = "".join(
        f'<li class="fr-footer__bottom-item"><a class="fr-footer__bottom-link" href="/{path}">{name}</a></li>'
        for path, name in (
            ("accessibilite", f"Accessibilité : {level}"),
            ("mentions-legales", "Mentions légales"),
            ("politique-de-confidentialite", "Données personnelles"),
            ("cgu", "Conditions générales d’utilisation"),
            ("stats", "Statistiques"),
            ("budget", "Budget"),
        )
    )
    return f"""<!doctype html>
<html lang="fr" data-fr-scheme="system"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><link rel="stylesheet" href="/dsfr.min.css"><script src="/app.js" defer></script></head>
<body><header role="banner" class="fr-header"><div class="fr-header__body"><p class="fr-logo">République<br>Française</p>
<a href="/" title="Accueil du service"><p class="fr-header__service-title">Démarches en ligne</p></a></div>
<nav class="fr-nav" role="navigation"><ul class="fr-nav__list">{menu}</ul></nav></header>
<main id="contenu" role="main" class="fr-container">{main}</main>
<footer class="fr-footer" role="contentinfo"><div class="fr-footer__body"><p>{_sentence(choose)}</p></div>
<ul class="fr-footer__bottom-list">{foot}</ul></footer>
<script id="__DATA__" type="application/json">{state}</script></body></html>
"""


def _main(path: str, level: str, choose: Random, cards: int) -> Iterator[str]:
    yield f"<h1>{_TITLES[path]}</h1>"
    yield from _said(path, level)
    for _ in range(cards):
        yield (
            f'<div class="fr-col-12 fr-col-md-4"><div class="fr-card fr-enlarge-link"><div class="fr-card__body"><h2 class="'
            f'fr-card__title"><a class="fr-card__link" href="/{choose.choice(_WORDS)}/{choose.randint(1, 99)}">'
            f'{_sentence(choose)}</a></h2><p class="fr-card__desc">{_sentence(choose)} {_sentence(choose)}</p>'
            f"<ul><li>{_sentence(choose)}</li><li>{_sentence(choose)}</li></ul></div></div></div>"
        )


def _said(path: str, level: str) -> Iterator[str]:
    if path == "accessibilite":
        yield (
            "<p>L’Agence s’engage à rendre son service accessible, conformément à l’article 47 de la loi n° "
            f"2005-102 du 11 février 2005.</p><h2>État de conformité</h2><p>Ce service est {level} avec le RGAA 4.1.</p>"
            "<h2>Résultats des tests</h2><p>L’audit du 3 mars 2026, réalisé par la société Balise, révèle que 71 % des critères "
            "du RGAA sont respectés.</p><h2>Établissement de cette déclaration</h2><p>Établie le 4 mars 2026.</p>"
            '<h2>Retour d’information et contact</h2><p><a href="mailto:acces@agence.example">acces@agence.example</a></p>'
            "<h2>Voies de recours</h2><p>Écrire au Défenseur des droits.</p>"
        )
    if path == "stats":
        yield "".join(
            f"<p>{name} : {value} utilisateurs en 2026</p>" for name, value in (("Janvier", 1204), ("Février", 1381))
        )
    if path == "budget":
        yield "<table><tr><th>Poste</th><th>2026</th></tr><tr><td>Développement</td><td>120 000 €</td></tr></table>"
    if path == "mentions-legales":
        yield (
            "<h2>Éditeur</h2><p>Agence des démarches, 1 rue du Port, 75001 Paris. Directrice de la publication : Mme Digue.</p>"
            "<h2>Hébergement</h2><p>Nuages SAS, 3 quai de la Rade, 44000 Nantes.</p>"
        )


def _sentence(choose: Random) -> str:
    return " ".join(choose.choices(_WORDS, k=choose.randint(5, 14))).capitalize() + "."
