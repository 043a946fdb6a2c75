from __future__ import annotations

import pytest

from checks.model.capture import FailureKind
from checks.model.outcome import Outcome
from checks.rules.legal.legal_notice import RULE
from tests.pdf_files import pdf

HOME = "<h2>Le bac</h2><p>Il traverse le fleuve, par tous les temps, et porte voitures, vélos et marcheurs d’une rive à l’autre.</p>"
LINK = "<a href=/mentions-legales>Mentions légales</a>"
PUBLISHER, DIRECTOR, HOST = "éditeur", "directeur ou directrice de la publication", "hébergeur"
WHOLE = (
    "<h1>Mentions légales</h1><h2>Éditeur</h2><p>Régie des bacs, 3 quai du Ponant, 00000 Port-Clair</p>"
    "<h2>Directrice de la publication</h2><p>Maud Lebreton</p><h2>Hébergement</h2><p>Nuage d’Estran SAS</p>"
)
E, D, H = (
    "<p>Éditeur : Régie des bacs</p>",
    "<p>Directrice de la publication : Maud Lebreton</p>",
    "<p>Hébergeur : Nuage d’Estran SAS</p>",
)


def missing(verdict) -> list[str]:
    return verdict.facts.get("missing", [verdict.reason])


@pytest.fixture
def lacks(judge, dress):
    def judged(main: str, hand: str = "dsfr") -> list[str]:
        page = dress[hand](main, LINK, title="Mentions légales")
        return missing(judge("legal-notice", dress[hand](HOME, LINK), pages=[("link", "/mentions-legales", page)]))

    return judged


@pytest.mark.parametrize("hand", ["dsfr", "wordpress", "by-hand", "next"])
def test_a_whole_notice(lacks, hand: str):
    assert lacks(WHOLE, hand) == []
    assert lacks(f"<h1>Mentions légales</h1>{E}{D}{H}", hand) == []


PUBLISHERS = [
    "<p>Ce site est édité par la Régie des bacs.</p>",
    "<p>Le présent site est édité et exploité par la Régie des bacs, établissement public.</p>",
    "<p>Le site bac-a-voile.example est édité par&nbsp;:</p><p>Régie des bacs<br>3 quai du Ponant</p>",
    "<p>Ce service numérique est proposé par la Direction des passages d’eau.</p>",
    "<p>La plateforme est mise en œuvre par le Groupement d’intérêt public « Passages ».</p>",
    "<p>Cette application est opérée par la startup d’État Bac à voile.</p>",
    "<p>Le portail est publié par le Secrétariat général du port</p>",
    "<p><strong>Éditeur</strong><br>Régie des bacs<br>3 quai du Ponant</p>",
    "<p><b>Éditeur du site :</b> Régie des bacs</p>",
    "<p>EDITEUR DU SITE INTERNET : RÉGIE DES BACS</p>",
    "<p><strong>Editeur de la plateforme</strong></p><p>Régie des bacs</p>",
    "<h2>1. Édition du site</h2><p>En vertu de la loi n° 2004-575, il est précisé : Régie des bacs, SIRET 000 000 000 00000.</p>",
    "<h2>Article 1 - Éditeur du site</h2><p>Ministère des Rivières</p>",
    "<h3>I) L’éditeur</h3><div><p>Commune de Port-Clair</p></div>",
    "<h2>Propriétaire du site</h2><p>Commune de Port-Clair</p>",
    "<h2>Éditeur : Commune de Port-Clair</h2>",
    "<h2>Qui édite ce site ?</h2><p>La Régie des bacs</p>",
    "<dl><dt>Éditeur</dt><dd>Régie des bacs</dd></dl>",
    "<table><tr><th>Éditeur</th><td>Régie des bacs</td></tr></table>",
    "<ul><li><strong>Éditrice&nbsp;:</strong> Régie des bacs</li></ul>",
    "<p>Nom de l’éditeur : Régie des bacs</p>",
    "<p>L’éditeur du site est la Régie des bacs.</p>",
    "<p>Le site est la propriété de la Commune de Port-Clair.</p>",
    "<h2>Identification</h2><p>Association Les Amis du bac</p>",
    "<p>This site is published by the Ferry Board.</p>",
    "<h2>Publisher</h2><p>Ferry Board</p>",
    # an organisation under the title, as communes write it
    "<h1>Mentions légales</h1><p>Mairie de Port-Clair</p><p>3 quai du Ponant, 00000 Port-Clair</p><p>Tél. : 01 99 00 00 00</p>",
    "<details><summary>Éditeur</summary><p>Régie des bacs</p></details>",
    # a question, a pictogram, a qualified label, a possession, an apposition
    "<div>🏛️ <b>Qui est l’éditeur de ce site ?</b></div><div>Régie des bacs</div>",
    "<h2>Service éditeur</h2><p>Régie des bacs</p>",
    "<div>Établissement éditeur</div><div>Régie des bacs</div>",
    "<h3>Propriété du site</h3><p>Commune de Port-Clair</p>",
    "<p>Ce site et son contenu sont l’entière propriété de la Commune de Port-Clair.</p>",
    "<p>Ce site, propriété de la Régie des bacs, est gratuit.</p>",
    "<p>L’association « Les Amis du bac », dont le siège est à Port-Clair, est l’éditrice du site.</p>",
    "<p>Ce site dépend de la Régie des bacs, qui en est l’éditeur.</p>",
    "<section class=fr-accordion><h3 class=fr-accordion__title><button aria-expanded=false>Éditeur</button></h3><div class=fr-collapse><p>Régie des bacs</p></div></section>",
]
NO_PUBLISHERS = [
    "<h2>Éditeur</h2>",
    "<p>Éditeur : à compléter</p>",
    "<p>Éditeur : [Nom de l’organisme]</p>",
    "<h2>Éditeur</h2><p>[Nom de l’organisme], [adresse]</p>",
    "<h2>Éditeur du site</h2><p>XXXXX</p>",
    "<p>Ce site est édité par [Nom de la structure].</p>",
    "<p>Éditeur : Lorem ipsum dolor sit amet</p>",
    "<p>L’éditeur ne saurait être tenu responsable des liens.</p>",
    "<p>L’éditeur du site s’engage à respecter la loi.</p>",
    "<ul><li><a href=#editeur>Éditeur</a></li><li><a href=#credits>Crédits photographiques</a></li></ul>",
    "<p>Ce site est conçu et développé par l’équipe du bac.</p>",
    "<p>Crédits photographiques : Maud Lebreton</p>",
    "<p>Les statistiques de fréquentation sont publiées par la Régie.</p>",
    "<p>Le site repose sur une infrastructure opérée par Nuage d’Estran.</p>",
    "<p>La base de données est gérée par Nuage d’Estran.</p>",
    # what the law asks of anyone
    "<p>Tout site doit indiquer le nom de son éditeur : une personne morale.</p>",
    "<h2>Propriété intellectuelle</h2><p>Régie des bacs, 3 quai du Ponant</p>",
    "<p>Un éditeur de texte en ligne vous aide à remplir votre demande.</p>",
]


@pytest.mark.parametrize("main", PUBLISHERS)
def test_how_a_publisher_is_written(lacks, main: str):
    assert lacks(f"<h1>Mentions légales</h1>{main}{D}{H}") == []


@pytest.mark.parametrize("main", NO_PUBLISHERS)
def test_what_is_no_publisher(lacks, main: str):
    assert lacks(f"<h1>Mentions légales</h1>{main}{D}{H}") == [PUBLISHER]


DIRECTORS = [
    "<p>Directeur de la publication : M. Jean Le Goff</p>",
    "<p>Directeur de publication : Jean Le Goff, directeur général</p>",
    "<p>Directrice de publication : Maud Lebreton</p>",
    "<p>Directeur·rice de la publication : Maud Lebreton</p>",
    "<p>Directeur.rice de publication : Maud Lebreton</p>",
    "<p>Directeur(trice) de la publication : Maud Lebreton</p>",
    "<p>Directeur / directrice de la publication : Maud Lebreton</p>",
    "<p>Directeur ou directrice de la publication : Maud Lebreton</p>",
    "<p>Directeurs de la publication : Maud Lebreton et Jean Le Goff</p>",
    "<p>Codirecteur de la publication : Jean Le Goff</p>",
    "<p>Responsable de la publication : Maud Lebreton, maire</p>",
    "<p>Responsable de publication : Maud Lebreton</p>",
    "<h2>Direction de la publication</h2><p>Madame la directrice des passages d’eau</p>",
    "<h2>Directeur de la publication du site</h2><p>Monsieur le maire de Port-Clair, Jean Le Goff</p>",
    "<p><strong>Directeur de la publication</strong><br/>Jean Le Goff</p>",
    "<p><strong>Directeur de la publication</strong> Jean Le Goff</p>",
    "<p>Le directeur de la publication est M. Jean Le Goff.</p>",
    "<p>La directrice de la publication du site est Madame Maud Lebreton, secrétaire générale.</p>",
    "<p>Maud Lebreton, directrice de la publication</p>",
    "<p>Jean Le Goff (directeur de la publication)</p>",
    "<p>Madame Maud Lebreton, en sa qualité de directrice de la publication.</p>",
    "<p>M. Jean Le Goff est le directeur de la publication.</p>",
    "<p>La direction de la publication est assurée par Maud Lebreton.</p>",
    "<dl><dt>Directeur de la publication</dt><dd>Jean Le Goff</dd></dl>",
    "<table><tr><td>Directeur de la publication</td><td>Jean Le Goff</td></tr></table>",
    "<p>DIRECTEUR DE LA PUBLICATION : JEAN LE GOFF</p>",
    "<div>✍️ <b>Qui est directeur de la publication ?</b></div><div>Jean Le Goff</div>",
    "<h2>Personne responsable de la publication</h2><p>Le directeur de la Régie</p>",
    "<table><tr><td>Dir. de publication</td><td>Maud Lebreton</td></tr></table>",
    "<h2>Directeur·ice de publication</h2><p>La présidente de la Régie</p>",
    "<p>Directeur des publications : Jean Le Goff</p>",
    "<h2>Director of publication</h2><p>Jean Le Goff</p>",
    "<p>Publication director: Jean Le Goff</p>",
    "<p>Contact : bac@port.example - Directeur de la publication : Jean Le Goff</p>",
]
NO_DIRECTORS = [
    "<p>Responsable éditorial : Maud Lebreton</p>",
    "<p>Responsable de la rédaction : Maud Lebreton</p>",
    "<p>Directeur de la publication : [nom du directeur]</p>",
    "<p>Directeur de la publication : [Prénom Nom], [fonction]</p>",
    "<p>Directeur de la publication : à compléter</p>",
    "<p>Directeur de la publication : XXX</p>",
    "<p>Directeur de la publication : Nom Prénom</p>",
    "<p>Directeur de la publication : en cours de désignation</p>",
    "<h2>Directeur de la publication</h2><h2>Crédits</h2><p>Photographies du port</p>",
    "<p>Le directeur de la publication est responsable des contenus.</p>",
    "<p>Le directeur de la publication ne peut être tenu responsable des liens.</p>",
    "<ul><li><a href='#dir'>Directeur de la publication</a></li></ul>",
    "<p>Directrice de la Régie : Maud Lebreton</p>",
    "<p>Il faut indiquer le nom du directeur de la publication : le maire, souvent.</p>",
    "<p>La désignation du directeur de publication est importante : c’est lui qui répond des contenus.</p>",
    "<p>Le directeur de la publication est XXXXXXXX, en qualité de XXXXXXXX.</p>",
    "<p>La date de publication figure sur chaque page.</p>",
]


@pytest.mark.parametrize("main", DIRECTORS)
def test_how_a_director_is_written(lacks, main: str):
    assert lacks(f"<h1>Mentions légales</h1>{E}{main}{H}") == []


@pytest.mark.parametrize("main", NO_DIRECTORS)
def test_what_is_no_director(lacks, main: str):
    assert lacks(f"<h1>Mentions légales</h1>{E}{main}{H}") == [DIRECTOR]


HOSTS = [
    "<p>Hébergeur : Nuage d’Estran SAS, 8 rue des Salines</p>",
    "<p>Hébergement : Nuage d’Estran</p>",
    "<p>Ce site est hébergé par Nuage d’Estran.</p>",
    "<p>Le site est hébergé chez Nuage d’Estran, en France.</p>",
    "<p>L’application est hébergée sur Nuage d’Estran.</p>",
    "<p>La plateforme est hébergée par la société :</p><p>Nuage d’Estran, 8 rue des Salines</p>",
    "<p>L’hébergement est assuré par Nuage d’Estran.</p>",
    "<p>L’hébergement du service est réalisé par les services de la Régie.</p>",
    "<p>Nuage d’Estran assure l’hébergement du site.</p>",
    "<p>L’hébergeur du site est Nuage d’Estran.</p>",
    "<p>Prestataire d’hébergement : Nuage d’Estran</p>",
    "<h2>Hébergement du site</h2><p>Nuage d’Estran</p>",
    "<h2>Hébergement de Bac à voile</h2><p>Ce site est hébergé par :</p><p>Nuage d’Estran</p>",
    "<h2>Hébergeur</h2><p><a href=https://estran.example/>Nuage d’Estran</a></p>",
    "<p><strong>Hébergeur</strong></p><address>Nuage d’Estran</address>",
    "<p>Hébergeur<br>Nuage d’Estran<br>8 rue des Salines</p>",
    "<p>HÉBERGEUR : NUAGE D’ESTRAN</p>",
    "<div>💾 <b>Où est hébergé ce site ?</b></div><div>Chez Nuage d’Estran</div>",
    "<h2>Hébergeur·euse</h2><p>Nuage d’Estran</p>",
    "<h2>Hébergement</h2><p>La Régie assure elle-même l’hébergement.</p>",
    "<p>Serveurs : Nuage d’Estran, 8 rue des Salines (hébergeur).</p>",
    "<p>Les machines sont fournies par l’hébergeur Nuage d’Estran.</p>",
    "<p>Infogérance et hébergement : Nuage d’Estran</p>",
    "<p>Hosting provider: Nuage d’Estran</p>",
    "<h2>Hébergement</h2><p>Le site est hébergé en France, par Nuage d’Estran.</p>",
    "<p>This website is hosted by Nuage d’Estran.</p>",
    "<p>Les serveurs sont ceux de la Régie. Le site est hébergé sur les serveurs de Nuage d’Estran.</p>",
]
NO_HOSTS = [
    "<h2>Hébergement</h2>",
    "<p>Hébergeur : à compléter</p>",
    "<p>Hébergeur : [nom de l’hébergeur]</p>",
    "<h2>Hébergement</h2><p>Le site est hébergé par {{HEBERGEUR}}.</p>",
    "<p>L’hébergeur ne saurait être tenu responsable.</p>",
    "<p>Le site est hébergé en France.</p>",
    "<h2>Hébergement</h2><p>Le site est hébergé en France.</p>",
    "<p>Le site est hébergé sur des serveurs situés en France.</p>",
    "<p><a href=/hebergement>Hébergement</a></p>",
    "<p><a href=#heb>Hébergeur</a></p>",
    "<p>Nous aidons les personnes hébergées par un proche.</p>",
    "<p>Le code source de ce site est hébergé sur GitHub.</p>",
    "<h2>Hébergement</h2><p>Le site est hébergé par un prestataire d’hébergement web externe.</p>",
    "<h2>Hébergement et restauration</h2><p>La liste des gîtes agréés par la Régie</p>",
    "<p>Ce site mesure son audience avec Matomo, hébergé par Nuage d’Estran.</p>",
    # a list of what one should give, and the sentence behind it
    "<ul><li>Nom</li><li>Coordonnées de l’hébergeur du site</li></ul><p>Le créateur du site peut garder l’anonymat.</p>",
    "<p>Les vidéos sont hébergées sur une plateforme de partage.</p>",
    "<p>La Régie n’est pas responsable des contenus hébergés sur d’autres sites.</p>",
]


@pytest.mark.parametrize("main", HOSTS)
def test_how_a_host_is_written(lacks, main: str):
    assert lacks(f"<h1>Mentions légales</h1>{E}{D}{main}") == []


@pytest.mark.parametrize("main", NO_HOSTS)
def test_what_is_no_host(lacks, main: str):
    assert lacks(f"<h1>Mentions légales</h1>{E}{D}{main}") == [HOST]


def test_all_in_one_sentence(lacks):
    said = "Site édité par la Régie des bacs. Directrice de la publication : Maud Lebreton. Hébergé par Nuage d’Estran."
    assert lacks(f"<h1>Mentions légales</h1><p>{said}</p>") == []
    assert (
        lacks(
            "<h1>Mentions légales</h1><p>Éditeur : Régie des bacs<br>Directeur de la publication : J. Le Goff<br>Hébergeur : Estran</p>"
        )
        == []
    )


def test_an_empty_page_lacks_everything(lacks):
    assert lacks("<h1>Mentions légales</h1><p>Les contenus de ce site sont sous licence ouverte.</p>") == [
        PUBLISHER,
        DIRECTOR,
        HOST,
    ]


def test_what_is_said(judge, dress):
    page = dress["dsfr"](f"<h1>Mentions légales</h1>{E}{H}", LINK)
    verdict = judge("legal-notice", dress["dsfr"](HOME, LINK), pages=[("link", "/mentions-legales", page)])

    assert (verdict.outcome, verdict.reason, verdict.value) == (Outcome.FAILED, "groups-missing", DIRECTOR)
    assert verdict.facts == {
        "missing": [DIRECTOR],
        "publisher": "Éditeur : Régie des bacs",
        "host": "Hébergeur : Nuage d’Estran SAS",
    }


SHELL = "<html><head><script src=/m.js></script></head><body><div id=root></div></body></html>"
SCANNED = {"headers": {"Content-Type": "application/pdf"}, "body": b"%PDF-1.7"}
PAPER = {
    "headers": {"Content-Type": "application/pdf"},
    "body": pdf(
        "Mentions légales\nCe site est édité par la Régie des bacs, établissement public de la commune de Port-Clair.\n"
        "Directrice de la publication : Maud Lebreton, pour la Régie des bacs et tous les services du port.\n"
        "Hébergeur : Nuage d'Estran SAS, 8 rue des Salines, 00000 Port-Clair."
    ),
}
FOOT = f"{LINK} <a href=/cgu>CGU</a>"
PAGE = "/mentions-legales"
VISITS = [
    ([("link", PAGE, WHOLE)], "complete", ()),
    ([("link", PAGE, {"to": "/fr/mentions", "body": WHOLE})], "complete", ()),
    ([("link", "https://incubateur.example/mentions-legales", WHOLE)], "complete", ("external-host",)),
    ([("link", "http://bac-a-voile.example/mentions-legales", WHOLE)], "complete", ("insecure",)),
    ([("link", PAGE, PAPER)], "complete", ("pdf",)),
    ([("link", PAGE, SCANNED)], "not-html", ("pdf",)),
    ([("link", PAGE, 404)], "broken-link", ()),
    ([("link", PAGE, 410)], "broken-link", ()),
    ([("link", PAGE, 500)], "broken-link", ()),
    ([("link", PAGE, 429)], "server-error", ()),
    ([("link", PAGE, 403)], "blocked", ()),
    ([("link", PAGE, FailureKind.TIMEOUT)], "unreachable", ()),
    ([("link", PAGE, FailureKind.ROBOTS)], "robots-disallowed", ()),
    ([("link", PAGE, SHELL)], "needs-rendering", ()),
    ([("link", PAGE, "<h1>Page introuvable</h1>")], "soft-404", ()),
    ([("link", PAGE, "<h1>Se connecter</h1><p>Réservé au port.</p>")], "soft-404", ()),
    ([("link", PAGE, "<h1>Mentions légales</h1><p>Page en cours de rédaction.</p>")], "soft-404", ()),
    ([("link", PAGE, {"to": "/", "body": "<p>Accueil</p>"})], "soft-404", ()),
    # the page of another document holds the notice, though not where its own link is broken
    ([("link", "/cgu", WHOLE, "terms")], "not-run", ()),
    ([("link", PAGE, "<h1>Mentions légales</h1>"), ("link", "/cgu", WHOLE, "terms")], "complete", ()),
    ([("link", PAGE, FailureKind.TIMEOUT), ("link", "/cgu", WHOLE, "terms")], "complete", ()),
    ([("link", PAGE, 404), ("link", "/cgu", WHOLE, "terms")], "broken-link", ()),
    # a link that nobody followed
    ([], "not-run", ()),
]


@pytest.mark.parametrize("pages,reason,warnings", VISITS)
def test_what_the_visit_brings(judge, dress, pages, reason, warnings):
    said = [
        (how, url, dress["wordpress"](main, FOOT, title="Bac") if type(main) is str and main != SHELL else main, *own)
        for how, url, main, *own in pages
    ]
    verdict = judge("legal-notice", dress["wordpress"](HOME, FOOT), pages=said)

    if not any(one[1] == PAGE for one in pages) and any(one[1] == "/cgu" for one in pages):
        assert verdict.reason == "complete"  # it is read where it stands, whatever link was not followed
    else:
        assert (verdict.reason, verdict.warnings) == (reason, warnings)


ONLY_TERMS = "<a href=/cgu>CGU</a>"
HOMES = [
    # (main, foot, what /cgu answers: the reason)
    (HOME, "<a href=/contact>Contact</a>", None, "no-page"),
    (HOME, ONLY_TERMS, WHOLE, "complete"),
    (HOME, ONLY_TERMS, f"<h1>CGU</h1><p>Le bac permet de traverser.</p><h2>Mentions légales</h2>{E}{D}", "groups-missing"),
    (HOME, ONLY_TERMS, f"<h1>CGU</h1><p>Le bac permet de traverser.</p>{E}{D}{H}", "complete"),
    (HOME, ONLY_TERMS, "<h1>CGU</h1><p>Le bac permet de traverser.</p>", "no-page"),
    (HOME, ONLY_TERMS, 403, "blocked"),
    (HOME, ONLY_TERMS, 404, "no-page"),
    # the home page itself
    (f"{HOME}<section id=mentions-legales>{WHOLE}</section>", "<a href=#mentions-legales>Mentions légales</a>", None, "complete"),
    (f"{HOME}<h2 id=ml>Mentions légales</h2>{E}{D}{H}", "<a href=#ml>Mentions légales</a>", None, "complete"),
    (f"{HOME}<h2>Mentions légales</h2>{E}{D}{H}<h2>Horaires</h2>", "", None, "complete"),
    (f"{HOME}<h2 id=ml>Mentions légales</h2>{E}{H}<h2>Autres</h2>{D}", "<a href=#ml>Mentions légales</a>", None, "groups-missing"),
    (f"{HOME}<dialog id=ml><h2>Mentions légales</h2>{E}{D}{H}</dialog>", "<button aria-controls=ml>Mentions légales</button>", None, "complete"),
    (f"{HOME}<div id=ml style='display:none'>{WHOLE}</div>", "<a href=# aria-controls=ml>Mentions légales</a>", None, "complete"),
    (HOME, "<a href=#>Mentions légales</a><script src=/m.js></script>", None, "needs-rendering"),
    (HOME, "<a href='javascript:ml()'>Mentions légales</a><script src=/m.js></script>", None, "needs-rendering"),
    (HOME, "<button>Mentions légales</button><script src=/m.js></script>", None, "needs-rendering"),
    (HOME, "<a href=/>Mentions légales</a>", None, "soft-404"),
    # not its own
    (HOME, "<a href=https://www.legifrance.gouv.fr/mentions-legales>Mentions légales</a>", None, "no-page"),
    (HOME, "<a href=/annonces>Annonces légales</a>", None, "no-page"),
]  # fmt: skip


@pytest.mark.parametrize("main,foot,terms,reason", HOMES)
def test_where_no_page_is_linked(judge, dress, main, foot, terms, reason):
    page = dress["by-hand"](terms, "") if isinstance(terms, str) else terms
    pages = [("link", "/cgu", page, "terms")] if terms is not None else []

    assert judge("legal-notice", dress["wordpress"](main, foot), pages=pages).reason == reason


def test_a_foot_that_scripts_may_bring(judge):
    home = (
        f"<html><head><title>Bac</title><script src=/app.js></script></head><body><main>{HOME * 6}</main></body></html>"
    )
    linked = home.replace("</main>", "</main><a href=/cgu>CGU</a>")

    assert judge("legal-notice", home).reason == "needs-rendering"
    assert judge("legal-notice", linked, pages=[("link", "/cgu", "<h1>CGU</h1>", "terms")]).reason == "no-page"


def test_every_reason_has_a_row():
    reasons = {reason for _, reason, _ in VISITS} | {row[3] for row in HOMES}
    assert set(RULE.outcomes) <= reasons
