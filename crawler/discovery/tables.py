"""Which words and which paths lead to which page: the only place to change when real sites say it otherwise.

Words are compared in the folded form of ``checks.model.french``; weights rank the links of one page for one topic.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from checks.model.capture import Topic
from checks.model.legal import NAMINGS


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """``names`` and ``paths`` are (pattern, weight), tried in order, which match nothing that holds none of the ``words``;
    ``never`` rules a link out by name or address.

    ``conventional`` are the paths to try where no link leads, relative to the root of the host.
    """

    names: tuple[tuple[re.Pattern[str], int], ...]
    paths: tuple[tuple[re.Pattern[str], int], ...]
    never: re.Pattern[str]
    words: tuple[str, ...]
    conventional: tuple[str, ...] = ()


def _signs(
    names: Mapping[str, int],
    paths: Mapping[str, int],
    never: str,
    words: tuple[str, ...],
    conventional: tuple[str, ...] = (),
) -> Signs:
    return Signs(
        names=tuple((re.compile(pattern), weight) for pattern, weight in names.items()),
        paths=tuple((re.compile(pattern), weight) for pattern, weight in paths.items()),
        never=re.compile(never),
        words=words,
        conventional=conventional,
    )


_LEAD = r"(?:(?:voir|consulter|acceder a|decouvrir|page|la page) )?(?:(?:nos|notre|les|la|le|l'|des|du) ?)?"
_OF = r"(?: (?:d'usage|d'utilisation|publi\w+|de (?:la |l'|notre )?\w+|du (?:site|service|produit|projet)|et \w+))*"

_SCHEMA = r"schemas?[ _-]?(?:[^\W_]+[ _'-]){0,4}?(?:pluri|multi|tri)[ _-]?annuel|schemas? (?:directeur |annuel )?(?:d'|de mise en )accessib|schemas? annuel|plan pluri-?annuel"
_PLAN = r"plans?[ _-](?:20\d\d[ _-]|annuel[ _-])?d['e]?[ _-]?actions?\b|plans?[ _-]annuel|feuille[ _-]de[ _-]route .{0,20}accessib"
_COMMITMENT = rf"^(?!.*declaration).*(?:{_SCHEMA}|{_PLAN})"
"""The documents that go with a declaration: they have their own topics, and a link to one is none to the other."""

PAGES = (Topic.ACCESSIBILITY, Topic.STATISTICS, Topic.BUDGET)
"""The topics of pages, looked for from the home page."""

COMMITMENTS = (Topic.SCHEMA, Topic.PLAN)
"""The topics of documents, looked for from the pages about accessibility too."""

_LEGAL_WORDS = {
    Topic.LEGAL_NOTICE: (
        "mention",
        "legal",
        "legaux",
        "juridique",
        "edite",
        "editorial",
        "imprint",
        "impressum",
        "disclaimer",
    ),
    Topic.PRIVACY: (
        "confidentialite",
        "donnees",
        "nominativ",
        "perso",
        "privee",
        "privacy",
        "data",
        "rgpd",
        "gdpr",
        "droits",
        "mention",
        "libert",
    ),
    Topic.TERMS: (
        "cgu",
        "g.",
        "condition",
        "modalite",
        "termes",
        "regles",
        "terms",
        "tos",
        "eula",
        "agreement",
        "charte",
        "reglement",
    ),
}

SIGNS: Mapping[Topic, Signs] = {
    Topic.ACCESSIBILITY: _signs(
        names={
            r"accessibilit\w+ ?(?:numerique )?[:(-]? ?(?:non|partiellement|totalement)\W? ?conforme": 210,
            r"declaration (?:de |d')?(?:l')?accessibilite": 200,
            r"accessibility (?:statement|declaration)": 200,
            r"declaration (?:de |d')?(?:la )?conformite|accessib.{0,30}\bconformite|\bconformite.{0,30}accessib": 190,
            r"(?:non|partiellement|totalement)\W? ?conforme|(?:not|non|partially|fully)\W? ?compliant": 180,
            r"^(?:l')?accessibilit\w+(?: (?:numerique|du site|du service|rgaa))*(?: ?:.*)?$": 90,
            r"^accessibility(?: ?:.*)?$": 90,
            r"\brgaa\b": 70,
            r"accessibilite numerique": 60,
            r"\baccessib": 40,
            # Worth a visit where nothing says it better: some services have none but this one to declare.
            r"^(?:(?:voir|lire|consulter) )?(?:(?:la|notre) )?(?:declaration|conformite(?: (?:du site|web|numerique))?)$": 50,
        },
        paths={
            r"declaration.{0,4}(?:d.)?access": 90,
            r"/accessibilite(?:[-_:]{1,3}(?:numerique|rgaa|web|site|du-s|non|partielle|totale)[^/]{0,30})?(?:[/?#.]|$)": 80,
            r"/accessibility(?:[/?#.]|$)": 80,
            r"#.*accessib": 60,
            r"rgaa|a11y|accessibili": 50,  # « un-sentier-accessible » speaks of something else
        },
        never=rf"{_COMMITMENT}|batiment|\berp\b|\bpmr\b|mobilite reduite|parametres d'affichage|plan d'acces"
        r"|//accessibilite\.numerique\.gouv|//(?:www\.)?(?:w3\.org|legifrance\.|defenseurdesdroits\.|formulaire\.defenseur)"
        r"|/(?:blog|actualites?|articles?|posts?)/",
        words=("access", "conform", "complian", "rgaa", "a11y", "declaration"),
        conventional=(
            "/accessibilite",
            "/accessibilite/",
            "/declaration-accessibilite",
            "/declaration-d-accessibilite",
            "/accessibility",
        ),
    ),
    Topic.STATISTICS: _signs(
        names={
            rf"^{_LEAD}(?:statistiques?|stats?|statistics){_OF}$": 100,
            rf"^{_LEAD}(?:mesures? d'impact|impacts?|indicateurs?(?: d'impact)?|chiffres(?:[ -]cles)?){_OF}(?: .{{0,24}}impact)?$": 90,
            r"^key figures|^(?:usage )?(?:metrics|figures)$|^impact (?:metrics|page)$": 90,
            r"indicateurs? .{0,3} ?mesure d'impact|tableau de bord (?:public|d'impact)|chiffres cles": 80,
            r"\bstatistiques?\b": 50,
        },
        paths={
            r"/public/dashboard/|index\.php\?.*idsite=|/superset/dashboard": 80,
            r"/(?:stats?|statistiques?|statistics)/?(?:\.html?|\.php)?(?:[?#]|$)": 100,
            r"/(?:impacts?|mesures?-(?:d-)?impact|chiffres-cles|(?:nos-)?(?:chiffres|indicateurs)|metrics|key-figures|statistiques[^/]*)/?(?:\.html?)?(?:[?#]|$)": 80,
        },
        never=r"\b(?:mes|vos|votre|ma|mon) |connexion|connecter|/(?:login|blog|actualites?|articles?|posts?|partenaires?)(?:/|$)"
        r"|/(?:laureats?|actus?)/|//(?:www\.)?(?:insee\.fr|facebook\.com|twitter\.com|linkedin\.com|x\.com)(?:/|$)",
        words=(
            "stat",
            "impact",
            "indicateur",
            "chiffres",
            "figures",
            "metrics",
            "tableau de bord",
            "dashboard",
            "idsite",
        ),
        conventional=("/stats", "/statistiques"),
    ),
    Topic.BUDGET: _signs(
        names={
            rf"^{_LEAD}budget{_OF}$": 100,
            r"transparence (?:budgetaire|financiere)|budget (?:et|&) |(?:notre|le) budget\b": 90,
            rf"^{_LEAD}budgets?\b[^.]{{0,40}}\b20\d\d": 90,
            r"\bbudgets? (?:annuel|previsionnel|de l'equipe|d[eu] (?:la )?(?:service|produit|projet|plateforme|startup))": 80,
            r"^(?:la )?transparence$": 80,
            rf"^{_LEAD}(?:couts?|depenses|finances?|financements?){_OF}$": 70,
        },
        paths={
            r"/(?:notre-)?budget/?(?:\.html?)?(?:[?#]|$)": 100,
            r"/[^/?#]*budget[^/?#]*\.(?:pdf|od[st]|xlsx?|csv)(?:[?#]|$)|/budgets?[-_]20\d\d(?:[/?#.]|$)": 80,
            r"/(?:transparence|transparence-[^/]+|[^/]+-budget|couts?|depenses|financements?)/?(?:\.html?)?(?:[?#]|$)": 80,
        },
        never=r"\b(?:mon|ma|mes|votre|vos|son) budget|simul|calcul|bourse|participatif|aide budget|/(?:blog|actualites?|articles?|posts?)/"
        r"|donnees personnelles|transparence de l'ia|algorithm",
        words=("budget", "transparen", "cout", "depens", "financ"),
        conventional=("/budget", "/transparence"),
    ),
    Topic.SCHEMA: _signs(
        names={rf"{_SCHEMA}|multi-?(?:year|annual) (?:\w+ )?(?:plan|scheme)": 100},
        paths={
            r"schemas?[ _-]?(?:[^\W_]+[ _-]){0,4}?(?:pluri|multi|tri)[ _-]?annuel|schemas?[ _-](?:directeur[ _-])?(?:d[ _-]?|mise[ _-]en[ _-])?accessib": 70
        },
        never=r"\bbilans?\b|immobilier|investissement|batiment|voirie|/(?:blog|actualites?|articles?|posts?)/",
        words=("schema", "plan", "multi"),
    ),
    Topic.PLAN: _signs(
        names={
            rf"(?:{_PLAN}|action plan).{{0,60}}(?:accessib|rgaa)": 100,
            rf"{_PLAN}|action plan|annual plan|plan de mise en (?:accessibilite|conformite)": 70,
        },
        paths={
            r"plans?[ _-]?(?:annuel|d?[ _-]?actions?\b|20\d\d)|(?:feuille-de-route|roadmap)[^/]{0,20}(?:accessib|a11y|rgaa)": 70
        },
        never=r"\bbilans?\b|plan d'acces|plan du site|batiment|voirie|formation|/(?:blog|actualites?|articles?|posts?)/",
        words=("plan", "feuille", "roadmap"),
    ),
    **{
        topic: _signs(names=NAMINGS[topic].names, paths=NAMINGS[topic].paths, never=NAMINGS[topic].never, words=words)
        for topic, words in _LEGAL_WORDS.items()
    },
}

FURTHER_NAMES = re.compile(r"declaration|conformite|rgaa|conforme|accessibility statement")
"""Names worth one more hop from a page about accessibility that only lists documents."""

DOCUMENT = re.compile(
    r"^https?://(?:(?:docs|drive)\.google\.com/|(?:pad|hackmd|codimd|hedgedoc|docs|grist|fichiers|resana|notes|cryptpad)\.|(?:[\w-]+\.)?notion\.(?:so|site)/)"
    r"|\.(?:pdf|od[st]|xlsx?|csv)(?:[?#]|$)",
    re.IGNORECASE,
)
"""Addresses of shared documents and of files, where a page about a budget may send its readers."""

FURTHER_BUDGET = re.compile(r"budget|\bcouts?\b|depens")
"""What the name or the address of such a document says."""

DASHBOARD = re.compile(r"/public/(?:dashboard|question)/|/superset/dashboard|[?&]idsite=\d", re.IGNORECASE)
"""Addresses of public dashboards: their shape and their status are enough, and a browser would take long to draw them."""
