from __future__ import annotations

import pytest

from checks.model.outcome import Outcome
from checks.rules.legal.privacy_policy import RULE
from tests.pdf_files import pdf

HOME = "<h2>Le bac</h2><p>Il traverse le fleuve, par tous les temps, et porte voitures, vélos et marcheurs d’une rive à l’autre.</p>"
LINK = "<a href=/donnees-personnelles>Données personnelles</a>"
PURPOSES, RETENTION, RIGHTS = (
    "finalités",
    "durée de conservation",
    "droits ou contact du délégué à la protection des données",
)
P = "<h2>Finalités</h2><p>Tenir le compte des passagers et les prévenir des retards.</p>"
R = "<h2>Durée de conservation</h2><p>Deux ans après le dernier passage.</p>"
D = "<h2>Vos droits</h2><p>Vous disposez d’un droit d’accès et de rectification : écrivez au port.</p>"
WHOLE = f"<h1>Données personnelles</h1>{P}{R}{D}"


@pytest.fixture
def lacks(judge, dress):
    def judged(main: str, hand: str = "dsfr") -> list[str]:
        page = dress[hand](main, LINK, title="Données personnelles")
        verdict = judge("privacy-policy", dress[hand](HOME, LINK), pages=[("link", "/donnees-personnelles", page)])
        return verdict.facts.get("missing", [verdict.reason])

    return judged


@pytest.mark.parametrize("hand", ["dsfr", "wordpress", "by-hand", "next"])
def test_a_whole_page(lacks, hand: str):
    assert lacks(WHOLE, hand) == []


PURPOSES_SAID = [
    "<h2>Pourquoi traitons-nous ces données ?</h2><ul><li>Prévenir les passagers des retards</li></ul>",
    "<h2>À quoi servent vos données ?</h2><p>À vous prévenir des retards.</p>",
    "<h2>Objectifs du traitement</h2><p>Prévenir les passagers.</p>",
    "<h2>Finalité du traitement</h2><p>Prévenir les passagers.</p>",
    "<h2>Pour quelles raisons collectons-nous des données ?</h2><p>Pour prévenir les passagers.</p>",
    "<h2>Utilisation de vos données</h2><p>Elles nous servent à vous prévenir.</p>",
    "<p>Le traitement a pour finalité la réservation des passages.</p>",
    "<p>Ce fichier a pour objet la gestion des réservations.</p>",
    "<p>Nous collectons votre adresse électronique afin de vous prévenir des retards.</p>",
    "<p>Le service recueille vos nom et prénom pour préparer la traversée.</p>",
    "<p>Bac à voile traite des données à caractère personnel : le service enregistre votre adresse en vue de vous joindre.</p>",
    "<p>Les données recueillies sont utilisées pour vous prévenir des retards.</p>",
    "<p>Les informations recueillies sur ce formulaire sont enregistrées dans un fichier informatisé par la Régie pour la gestion des passages.</p>",
    "<p>Vos données sont destinées à la gestion des passages.</p>",
    "<p>Ces données nous permettent de compter les passagers.</p>",
    "<p><strong>Finalités :</strong> gestion des passages</p>",
    "<table><tr><th>Finalité</th><th>Base légale</th></tr><tr><td>Gestion des passages</td><td>Mission d’intérêt public</td></tr></table>",
    "<details><summary>Finalités</summary><p>La gestion des passages</p></details>",
    "<p>Les données sont traitées aux fins de gérer les passages.</p>",
    "<p>Vos données ne sont traitées que dans le but de préparer la traversée.</p>",
    "<p><strong>Objectifs</strong></p><p>Prévenir les passagers.</p>",
    "<p>Le traitement « Bac » poursuit les objectifs suivants : prévenir les passagers, compter les traversées.</p>",
    "<p>Le recueil de vos coordonnées permet à la Régie de vous prévenir.</p>",
    "<p>Nous demandons votre adresse.</p><p>Elle nous sert uniquement à vous prévenir des retards.</p>",
    "<p>Le port utilise vos données de passage uniquement dans le but de calculer le tarif.</p>",
    "<p>Le port collecte vos nom et adresse pour préparer la traversée.</p>",
    "<h2>Purposes of the processing</h2><p>Ferry bookings</p>",
    "<p>We use your data to send you a booking confirmation.</p>",
]
NO_PURPOSES = [
    "",
    "<h2>Finalités</h2><p>[à compléter]</p>",
    "<ul><li><a href=#finalites>Finalités</a></li></ul>",
    "<p>La Régie s’engage à ce que les traitements de données soient conformes au règlement général sur la protection des données.</p>",
    "<p>Ce site dépose des cookies afin de mesurer son audience.</p>",
    "<p>Les cookies ayant pour finalité exclusive de faciliter la communication par voie électronique sont dispensés de consentement.</p>",
    "<p>Pour toute question sur le traitement de vos données, écrivez au port.</p>",
    "<p>Aucune donnée n’est utilisée à des fins commerciales.</p>",
    "<p>Les données traitées sont transmises à la caisse du port.</p>",
    "<p>Les données sont collectées pour des finalités déterminées et légitimes.</p>",
    "<h2>1. Définitions</h2><p>Finalité : ce à quoi servent des données.</p>",
    "<p>« Responsable de traitement » désigne la personne qui détermine les finalités du traitement et ses moyens.</p>",
    "<p>Nous utilisons des serveurs situés en France pour plus de calme.</p>",
    "<p>Nous utilisons des mesures techniques pour protéger vos données.</p>",
    "<p>Les données sont conservées pour une durée de deux ans.</p>",
]


@pytest.mark.parametrize("main", PURPOSES_SAID)
def test_how_purposes_are_written(lacks, main: str):
    assert lacks(f"<h1>Données personnelles</h1>{main}{R}{D}") == []


@pytest.mark.parametrize("main", NO_PURPOSES)
def test_what_are_no_purposes(lacks, main: str):
    assert lacks(f"<h1>Données personnelles</h1>{main}{R}{D}") == [PURPOSES]


RETENTIONS = [
    "<p>Les données sont conservées pendant 2 ans.</p>",
    "<p>Vos données sont conservées au maximum treize mois.</p>",
    "<p>Vos données sont conservées jusqu’à la suppression du compte.</p>",
    "<p>Elles sont supprimées au bout de six mois d’inactivité.</p>",
    "<p>Les comptes sont effacés après deux ans sans connexion.</p>",
    "<p>Nous gardons vos réponses un an (1 an), puis nous les anonymisons.</p>",
    "<p>Au-delà de trois mois, les messages sont détruits.</p>",
    "<p>Les données sont conservées le temps nécessaire au traitement de la demande.</p>",
    "<p>Les données sont conservées tant que le compte est actif.</p>",
    "<h2>Combien de temps gardons-nous vos données ?</h2><p>Un an.</p>",
    "<h2>Pendant combien de temps conservons-nous ces données ?</h2><table><tr><td>Compte</td><td>2 ans après la dernière connexion</td></tr></table>",
    "<p>Durée de conservation : 12 mois</p>",
    "<h3>Quelle est la durée de conservation de vos données&nbsp;?</h3><p>Jusqu’à la fin de la saison.</p>",
    "<table><tr><th>Donnée</th><th>Durée de conservation</th></tr><tr><td>Nom</td><td>5 ans</td></tr></table>",
    "<p>Les données sont<br>conservées pendant<br>24 mois.</p>",
    "<p>Your data is kept for two years.</p>",
    "<table><tr><th>Data</th><th>Retention period</th></tr><tr><td>Name</td><td>3 years</td></tr></table>",
    "<table><tr><th>Donnée</th><th>Combien de temps</th></tr><tr><td>Nom</td><td>1 an</td></tr></table>",
    "<h2>Durées de stockage de vos données</h2><p>Les commentaires sont conservés indéfiniment.</p>",
    "<h2>3. Archivage</h2><p>Cinquante ans pour les diplômes, un an pour le reste.</p>",
    "<h2>Durée de vie des données</h2><p>Les positions sont effacées au bout de 24 heures.</p>",
]
NO_RETENTIONS = [
    "",
    "<h2>Durée de conservation</h2><p>[durée]</p>",
    "<p>Les données sont conservées pendant XXX mois.</p>",
    "<p>Les données sont conservées pendant [durée de conservation].</p>",
    "<p>Les données sont conservées dans un coffre.</p>",
    "<p>Les cookies sont conservés pendant 13 mois.</p>",
    "<p>Nous répondons dans un délai d’un mois.</p>",
    "<h2>Principes</h2><p>Le RGPD impose de ne conserver les données que pendant une durée limitée.</p>",
    "<p>L’administration détermine les données et leur durée de conservation.</p>",
    "<p>Vous pouvez demander que vos données soient supprimées après un mois.</p>",
    "<ul><li><a href=#duree>Durée de conservation</a></li></ul>",
]


@pytest.mark.parametrize("main", RETENTIONS)
def test_how_a_duration_is_written(lacks, main: str):
    assert lacks(f"<h1>Données personnelles</h1>{P}{main}{D}") == []


@pytest.mark.parametrize("main", NO_RETENTIONS)
def test_what_is_no_duration(lacks, main: str):
    assert lacks(f"<h1>Données personnelles</h1>{P}{main}{D}") == [RETENTION]


RIGHTS_SAID = [
    "<p>Vous disposez d’un droit d’accès, de rectification et d’opposition.</p>",
    "<p>Conformément à la loi, vous pouvez exercer vos droits auprès du port.</p>",
    "<p>Délégué à la protection des données : dpd@port.example</p>",
    "<p>Pour toute question : dpo@port.example</p>",
    "<p>Vous pouvez contacter notre DPO.</p>",
    "<h2>Vos droits</h2><p>Écrivez au port.</p>",
    "<h2>Quels droits avez-vous ?</h2><p>L’accès, la rectification, l’effacement.</p>",
    "<p>Vous pouvez à tout moment demander la suppression de votre compte.</p>",
    "<p>Droits des personnes : accès, rectification, limitation</p>",
    "<p>You have the right to access your data.</p>",
    "<p>You may request access, rectification or erasure by writing to the port.</p>",
    "<h2>4. Réclamation et exercice des droits</h2><p>Auprès de la direction du port.</p>",
    "<p>Vous voulez les consulter, les corriger ou les supprimer ? Écrivez au port.</p>",
    "<p>La Régie a désigné un délégué à la protection des données.</p>",
    "<p>Le droit à l’effacement s’exerce par courrier.</p>",
]
NO_RIGHTS = [
    "",
    "<h2>Vos droits</h2><p>[à rédiger]</p>",
    "<p><a href=/droits>Vos droits</a></p>",
    "<p>Tous droits réservés.</p>",
    "<h2>1. Définitions</h2><p>« Délégué à la protection des données » : personne qui veille au respect du règlement.</p>",
    "<p>Les droits d’auteur sont ceux du port.</p>",
]


@pytest.mark.parametrize("main", RIGHTS_SAID)
def test_how_rights_are_written(lacks, main: str):
    assert lacks(f"<h1>Données personnelles</h1>{P}{R}{main}") == []


@pytest.mark.parametrize("main", NO_RIGHTS)
def test_what_are_no_rights(lacks, main: str):
    assert lacks(f"<h1>Données personnelles</h1>{P}{R}{main}") == [RIGHTS]


NOTHING = [
    ("<p>Ce site ne collecte aucune donnée personnelle.</p>", True),
    ("<p>Ce site ne prélève aucune donnée à caractère personnel.</p>", True),
    ("<p>Aucune donnée personnelle n’est collectée sur ce site.</p>", True),
    (f"<p>Nous n’enregistrons aucune information personnelle.</p>{D}", True),
    ("<p>Aucune donnée personnelle n’est collectée à votre insu.</p>", False),
    ("<p>Aucune donnée personnelle n’est transmise à des tiers.</p>", False),
    ("<p>Nous ne collectons aucune donnée sensible.</p>", False),
    ("<p>Nous ne collectons aucune autre donnée personnelle.</p>", False),
    ("<p>Aucune donnée n’est collectée sans votre accord.</p>", False),
    (f"<p>Ce site ne collecte aucune donnée personnelle.</p>{R}", False),
    (f"<p>Ce site ne collecte aucune donnée personnelle.</p>{P}", False),
    ("<p>Ce site n’utilise que des cookies de mesure d’audience.</p>", False),
]


@pytest.mark.parametrize("main,is_waived", NOTHING)
def test_a_service_that_says_it_collects_nothing(judge, dress, main, is_waived):
    page = dress["dsfr"](f"<h1>Données personnelles</h1>{main}", LINK)
    verdict = judge("privacy-policy", dress["dsfr"](HOME, LINK), pages=[("link", "/donnees-personnelles", page)])

    expected = ("no-personal-data", Outcome.INAPPLICABLE) if is_waived else ("groups-missing", Outcome.FAILED)
    assert (verdict.reason, verdict.outcome) == expected
    assert bool(verdict.facts["missing"]) is not is_waived


NOTICE = "<h1>Mentions légales</h1><p>Éditeur : Régie des bacs</p>"
PAPER = {
    "headers": {"Content-Type": "application/pdf"},
    "body": pdf(
        "Politique de confidentialité de la Régie des bacs\nLes données recueillies sont utilisées pour la gestion des passages et la sécurité.\n"
        "Elles sont conservées pendant deux ans après la dernière traversée.\nVous pouvez exercer vos droits auprès du délégué à la protection des données de la Régie."
    ),
}
# (foot, pages: (address, answer, topic); reason, warnings)
VISITS = [
    (LINK, [("/donnees-personnelles", WHOLE, "privacy")], "complete", ()),
    (LINK, [("https://incubateur.example/rgpd", WHOLE, "privacy")], "complete", ("external-host",)),
    (LINK, [("http://bac-a-voile.example/rgpd", WHOLE, "privacy")], "complete", ("insecure",)),
    (LINK, [("/rgpd.pdf", PAPER, "privacy")], "complete", ("pdf",)),
    (LINK, [("/donnees-personnelles", 404, "privacy")], "broken-link", ()),
    (LINK, [("/donnees-personnelles", "<h1>Page introuvable</h1>", "privacy")], "soft-404", ()),
    (
        LINK,
        [
            (
                "/donnees-personnelles",
                "<h1>Données personnelles</h1><p>Cette page est en cours de rédaction.</p>",
                "privacy",
            )
        ],
        "soft-404",
        (),
    ),
    (LINK, [("/donnees-personnelles", 403, "privacy")], "blocked", ()),
    (LINK, [], "not-run", ()),
    # a shared document, that scripts write
    (
        LINK,
        [
            (
                "https://docs.google.com/document/d/1xYzAbCdEf_0123/edit",
                "<script src=/x></script><p>Données personnelles</p>",
                "privacy",
            )
        ],
        "needs-rendering",
        (),
    ),
    (LINK, [("https://port.notion.site/RGPD-0f1e2d3c4b5a", WHOLE, "privacy")], "complete", ("external-host",)),
    # a section of the legal notice or of the terms
    ("", [("/ml", f"{NOTICE}<h2>Données personnelles</h2>{P}{R}{D}", "legal-notice")], "complete", ()),
    (
        "",
        [("/ml", f"{NOTICE}<h2>Données personnelles</h2><p>Vos droits : écrivez au port.</p>", "legal-notice")],
        "groups-missing",
        (),
    ),
    ("", [("/ml", f"{NOTICE}{P}{R}{D}", "legal-notice")], "complete", ()),
    ("", [("/ml", NOTICE, "legal-notice")], "no-page", ()),
    (
        "",
        [
            (
                "/ml",
                f"{NOTICE}<h2>Données personnelles</h2><p>Ce site ne collecte aucune donnée personnelle.</p>",
                "legal-notice",
            )
        ],
        "no-personal-data",
        (),
    ),
    (
        "",
        [("/cgu", f"<h1>CGU</h1><h2>Protection des données à caractère personnel</h2>{P}{R}{D}", "terms")],
        "complete",
        (),
    ),
    ("", [("/ml", 403, "legal-notice")], "blocked", ()),
    ("", [("/ml", 404, "legal-notice")], "no-page", ()),
    ("", [("/ml", 403, "legal-notice"), ("/cgu", f"<h1>CGU</h1><h2>RGPD</h2>{P}{R}{D}", "terms")], "complete", ()),
    # its own page says little, and the notice says all
    (
        LINK,
        [
            ("/donnees-personnelles", "<h1>Cookies</h1>", "privacy"),
            ("/ml", f"{NOTICE}<h2>RGPD</h2>{P}{R}{D}", "legal-notice"),
        ],
        "complete",
        (),
    ),
    ("<a href=https://www.cnil.fr/fr/rgpd>RGPD</a><a href=/cookies>Gestion des cookies</a>", [], "no-page", ()),
    ("", [], "no-page", ()),
]


@pytest.mark.parametrize("foot,pages,reason,warnings", VISITS)
def test_what_the_visit_brings(judge, dress, foot, pages, reason, warnings):
    said = [
        ("link", url, dress["wordpress"](main, foot, title="Bac") if isinstance(main, str) else main, topic)
        for url, main, topic in pages
    ]
    verdict = judge("privacy-policy", dress["wordpress"](HOME, foot), pages=said)

    assert (verdict.reason, verdict.warnings) == (reason, warnings)


def test_every_reason_has_a_row():
    assert set(RULE.outcomes) <= {row[2] for row in VISITS}
