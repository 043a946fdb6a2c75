"""Which links lead to the legal pages: the crawl follows those that the judge would know."""

from __future__ import annotations

import pytest

from checks.model.capture import Topic
from checks.model.french import fold
from checks.model.legal import is_link_to
from crawler.discovery.links import Link
from crawler.discovery.rank import best_links

HOME = "https://a.beta.gouv.fr/"
A, S, B = Topic.ACCESSIBILITY, Topic.STATISTICS, Topic.BUDGET


def best(topic: Topic, *links: tuple[str, str]) -> list[str]:
    given = [Link(url=url if "//" in url else f"{HOME[:-1]}{url}", name=name) for name, url in links]
    return [link.url.removeprefix(HOME[:-1]) for link in best_links(topic, given, HOME)]


N, P, T = Topic.LEGAL_NOTICE, Topic.PRIVACY, Topic.TERMS


@pytest.mark.parametrize(
    "topic, name",
    [
        *((N, name) for name in (
            "Mentions légales", "MENTIONS LÉGALES", "Mentions legales", "Mention légale", "Mentions  légales",
            "Mentions-légales",
            "Mentions légales et CGU", "Mentions légales - RGPD", "Crédits et mentions légales",
            "Informations légales", "Infos légales",
            "Légal", "Notice légale", "Mentions", "Mentions obligatoires", "Informations éditeur",
            "Qui édite ce site ?",
            "Legal notice", "Legal", "Legal information", "Legal mentions", "Imprint", "Disclaimer",
            "Les mentions légales du site", "Mentions juridiques",
        )),
        *((P, name) for name in (
            "Données personnelles", "DONNÉES PERSONNELLES", "Donnees personnelles", "Protection des données",
            "Vos données personnelles",
            "Données personnelles et cookies", "Politique de confidentialité",
            "Politique de confidentialité des données",
            "Politique de confidentialités", "Confidentialité", "Vie privée", "Respect de la vie privée", "RGPD",
            "Mentions RGPD",
            "Politique de protection des données à caractère personnel", "Gestion des données personnelles",
            "Traitement des données",
            "Données à caractère personnel", "Charte de protection des données", "Mentions d'information",
            "Données perso",
            "Mentions légales et données personnelles", "Confidentialité et cookies", "Privacy policy", "Privacy",
            "Data protection",
            "Politique de gestion des données personnelles", "Vos données", "Vos droits et vos données",
        )),
        *((T, name) for name in (
            "CGU", "Cgu", "Conditions générales d'utilisation", "Conditions generales d’utilisation",
            "Conditions générales",
            "Modalités d'utilisation", "Conditions d'utilisation", "Conditions générales d'usage",
            "Mentions légales et CGU",
            "Conditions générales d'utilisation (CGU)", "Termes d'utilisation", "Charte d'utilisation", "Nos CGU",
            "CGU / CGV",
            "Terms of use", "Terms of service", "Terms and conditions", "Terms & conditions", "Terms",
            "Conditions of use", "C.G.U.", "User agreement",
        )),
    ],
)  # fmt: skip
def test_names_of_legal_pages(topic, name):
    assert best(topic, ("Accueil", "/accueil"), (name, "/p"), ("Contact", "/contact")) == ["/p"]
    assert is_link_to(topic, fold(name), f"{HOME}p", HOME)


@pytest.mark.parametrize(
    "topic, url",
    [
        *((N, url) for url in (
            "/mentions-legales", "/mentions-legales/", "/fr/mentions_legales", "/mentions-l%C3%A9gales/",
            "/mentionslegales.do",
            "/mentions-legales-a12.html", "/mentions.html", "/legal", "/legal-notice", "/pages/legal/legal-notice",
            "/legals",
            "/fr/infos-legales", "/about/informations-legales/", "/#/mentions-legales",
            "/page?slug=mentions-legales", "/legal/notice/",
        )),
        *((P, url) for url in (
            "/donnees-personnelles", "/donnees-personnelles-et-cookies", "/politique-de-confidentialite/",
            "/confidentialite",
            "/politique-confidentialit%C3%A9", "/mentions-legales#donnees-personnelles", "/protection-des-donnees",
            "/privacy/",
            "/privacy-policy", "/support/rgpd", "/vie-privee", "/politique_confidentialite",
        )),
        *((T, url) for url in (
            "/cgu", "/cgu.html", "/info/cgu", "/conditions-generales-d-utilisation",
            "/conditions-generales-dutilisation", "/terms",
            "/conditions-d-utilisation", "/modalites-d-utilisation", "/terms-of-use", "/terms/terms-and-conditions/",
            "/eula",
        )),
    ],
)  # fmt: skip
def test_paths_of_legal_pages(topic, url):
    assert best(topic, ("", "/accueil"), ("Ici", url), ("", "/contact")) == [url]
    assert is_link_to(topic, "ici", f"{HOME[:-1]}{url}", HOME)


@pytest.mark.parametrize(
    "topic, name, url",
    [
        (N, "Annonces légales", "/annonces-legales"),
        (N, "Mentions légales", "https://www.legifrance.gouv.fr/mentions-legales"),
        (N, "Comment rédiger ses mentions légales", "/aide"),
        (N, "Mentionner un collègue", "/mentionner"),
        (N, "Médecine légale", "/medecine"),
        (P, "RGPD", "https://www.cnil.fr/fr/rgpd"),
        (P, "Privacy policy", "https://policies.google.com/privacy"),
        (P, "Politique de confidentialité", "https://matomo.org/privacy-policy/"),
        (P, "Gestion des cookies", "/cookies"),
        (P, "Jeux de données", "/jeux-de-donnees"),
        (P, "Données ouvertes", "/donnees"),
        (P, "Modifier mes données personnelles", "/profil"),
        (P, "Formation RGPD", "/formations/rgpd"),
        (P, "Fuite de données personnelles : que faire ?", "/fuite"),
        (T, "Conditions de travail", "/conditions-de-travail"),
        (T, "Statistiques d'utilisation", "/stats"),
        (T, "Guide d'utilisation", "/guide"),
        (T, "Conditions de réutilisation", "/licence"),
        (T, "Conditions générales de vente", "/cgv"),
        (T, "Conditions d'utilisation de l'API", "/api"),
        (T, "Mentions légales", "/mentions-legales"),
    ],
)
def test_links_that_lead_to_no_legal_page(topic, name, url):
    assert best(topic, (name, url)) == []
    assert not is_link_to(topic, fold(name), url if "//" in url else f"{HOME[:-1]}{url}", HOME)


@pytest.mark.parametrize(
    "topic, names, expected",
    [
        (
            N,
            {"Informations légales": "/i", "Mentions légales et CGU": "/mc", "Mentions légales": "/m"},
            ["/m", "/mc", "/i"],
        ),
        (P, {"RGPD": "/r", "Données personnelles": "/d", "Politique de confidentialité": "/p"}, ["/p", "/d", "/r"]),
        (T, {"Mentions légales et CGU": "/m", "CGU": "/c"}, ["/c", "/m"]),
        (N, {"Mentions légales": "https://b.example/m", "Mentions Légales": "/m"}, ["/m", "https://b.example/m"]),
    ],
)
def test_the_order_of_links_to_legal_pages(topic, names, expected):
    assert best(topic, *names.items()) == expected


@pytest.mark.parametrize("topic", [A, S, B])
@pytest.mark.parametrize(
    "name",
    ["Données personnelles et cookies", "Mentions légales", "CGU", "Conditions d'utilisation", "Confidentialité"],
)
def test_legal_pages_are_no_others(topic, name):
    assert best(topic, (name, "/p")) == []
