"""The parts of a declaration, as ministries, towns and services write them; bodies are dressed by several hands."""

from __future__ import annotations

import pytest

from checks.model.capture import FailureKind
from checks.rules.accessibility.accessibility_declaration_model import RULE

ID = "accessibility-declaration-model"
HOME = "<h2>Le bac</h2><p>Il traverse le fleuve toutes les vingt minutes, de six heures à minuit, et porte trente voitures.</p>"
LINK = '<a href="/accessibilite">Accessibilité : partiellement conforme</a>'

# The model of the ministry, part by part: each is taken away in turn.
MODEL = {
    "organisation": "<p>Le Port de l’Embouchure s’engage à rendre son service accessible",
    "article-47": ", conformément à l’article 47 de la loi n° 2005-102 du 11 février 2005",
    "scope": ".</p><p>Cette déclaration d’accessibilité s’applique à bac-a-voile.example",
    "state": ".</p><h2>État de conformité</h2><p>Bac à voile est <strong>partiellement conforme</strong> avec le RGAA, version 4.1",
    "results": ".</p><h3>Résultats des tests</h3><p>L’audit réalisé par la société Quai Conseil révèle que 71,5&nbsp;% des critères sont respectés",
    "content": ".</p><h2>Contenus non accessibles</h2><h3>Non-conformités</h3><ul><li>La carte n’a pas d’équivalent</li></ul><p>La suite est connue",
    "date": ".</p><h2>Établissement de cette déclaration</h2><p>Cette déclaration a été établie le 3 mars 2026",
    "contact": ".</p><h2>Retour d’information et contact</h2><h3>Nous écrire</h3><p>quai@port.example",
    "recourse": ".</p><h2>Voies de recours</h2><p>Vous pouvez écrire au Défenseur des droits",
}
TITLE = "<h1>Déclaration d’accessibilité</h1>"


def model(*absent: str) -> str:
    return TITLE + "".join(text for part, text in MODEL.items() if part not in absent) + ".</p>"


GENERATOR = """<h1>Déclaration d’accessibilité</h1><p>Établie le <span>30 janvier 2026</span>.<br>Mise à jour le <b>1 octobre 2026</b>.</p>
<p>Cette déclaration d’accessibilité s’applique au <a href="/">Bac à voile</a>.<br>Le Port s’engage à rendre son service accessible,
conformément à l’article 47 de la loi n°&nbsp;2005-102 du 11 février 2005.</p>
<h2>État de conformité</h2><p>Le <strong>Bac à voile</strong> est <strong>non conforme</strong> avec le <abbr>RGAA</abbr>. Le site n’a encore pas été audité.</p>
<h2>Amélioration et contact</h2><ul><li>E-mail&nbsp;: <a href="mailto:quai@port.example">quai@port.example</a></li></ul>
<h2>Voie de recours</h2><ul><li>Écrire un message au <a href="https://formulaire.defenseurdesdroits.fr/">Défenseur des droits</a></li></ul>"""
SHORT = """<h1>Accessibilité</h1><p>Le Port s’engage à rendre ce site accessible (article 47 de la loi du 11 février 2005).</p>
<p>La présente déclaration concerne bac-a-voile.example. Le site est non conforme : il n’a pas été audité. Rédigée le 2 mai 2026.</p>
<p>Une difficulté ? <a href="/contact">Contactez-nous</a>. Sans réponse de notre part, saisissez le Défenseur des droits.</p>"""
BOLD = """<p><b>Déclaration d’accessibilité RGAA</b></p><p>La Ville de Quai-sur-Mer s’engage à rendre ses sites accessibles conformément à
l’article 47 de la loi n°2005-102.</p><p>Cette déclaration s’applique au site www.quai.example.</p>
<p><strong>ETAT DE CONFORMITE</strong></p><p>Le site est partiellement conforme au RGAA 4.1.</p><p><strong>RESULTATS DES TESTS</strong></p>
<p>Taux de conformité global : 66 %</p><p><strong>CONTENUS NON ACCESSIBLES</strong></p><p>Les PDF.</p><p><strong>Contact</strong></p>
<p>mairie [at] quai.example</p><p><strong>Voies de recours</strong></p><p>Le Défenseur des droits.</p><p>Fait à Quai-sur-Mer, le 3 mars 2026</p>"""
ACCORDION = """<h1>Accessibilité du portail</h1><section class="fr-accordion"><h3 class="fr-accordion__title">
<button aria-expanded="false">État de conformité</button></h3><div class="fr-collapse"><p>La Région s’engage à rendre son portail accessible,
conformément à l’article 47 de la loi n° 2005-102. Cette déclaration s’applique au portail. Il est totalement conforme.</p></div></section>
<section class="fr-accordion"><h3><button>Résultats des tests</button></h3><div><p>100 % des critères sont respectés (audit de mars 2026).</p></div></section>
<section class="fr-accordion"><h3><button>Contact</button></h3><div><p><a href="/aide">Demander de l’aide</a></p></div></section>
<section class="fr-accordion"><h3><button>Défenseur des droits</button></h3><div><p>Il peut être saisi en ligne.</p></div></section>"""
TABLE = """<h1>Déclaration d’accessibilité</h1><table><tr><th>Organisme</th><td>Le Port s’engage à rendre ses services accessibles (art. 47 de la loi n° 2005-102)</td></tr>
<tr><th>Périmètre</th><td>Cette déclaration s’applique à bac.example</td></tr><tr><th>État de conformité</th><td>Partiellement conforme</td></tr>
<tr><th>Taux de conformité</th><td>58,2 %</td></tr><tr><th>Non-conformités</th><td>La carte</td></tr><tr><th>Date de la déclaration</th><td>03/03/2026</td></tr>
<tr><th>Contact</th><td>quai@port.example</td></tr><tr><th>Voies de recours</th><td>Défenseur des droits</td></tr></table>"""
ENGLISH = """<h1>Accessibility statement</h1><p>The Port is committed to making its website accessible, in accordance with Article 47 of Act No. 2005-102 of
11 February 2005.</p><p>This accessibility statement applies to ferry.example.</p><h2>Compliance status</h2><p>This website is partially compliant with the RGAA,
version 4.1.</p><h3>Test results</h3><p>The audit carried out by Ferry Access found that 69% of the criteria are met.</p>
<h2>Non-accessible content</h2><p>The map.</p><h2>Preparation of this accessibility statement</h2><p>This statement was prepared on 3 March 2026.</p>
<h2>Feedback and contact information</h2><p>Write to <a href="mailto:ferry@port.example">us</a>.</p>
<h2>Enforcement procedure</h2><p>You may contact the Defender of Rights.</p>"""
SECTION_OF_A_NOTICE = f"""<h1>Mentions légales</h1><h2>Éditeur</h2><p>Le Port, contact@editeur.example.</p>
{GENERATOR.replace("h2>", "h3>").replace("h1>", "h2>")}<h2>Cookies</h2><p>Ce site n’en dépose pas. dpo@editeur.example</p>"""

# The body of the declaration, and the parts that it lacks.
PAGES = [
    (model(), []),
    (GENERATOR, []),
    (SHORT, []),
    (BOLD, []),
    (ACCORDION, []),
    (TABLE, []),
    (ENGLISH, []),
    (SECTION_OF_A_NOTICE, []),
    *((model(part), [part]) for part in MODEL),
    (model("article-47", "contact"), ["article-47", "contact"]),
    # all the criteria are respected: nothing is left to list
    (model("content").replace("71,5&nbsp;%", "100 %").replace("partiellement", "totalement"), []),
    # neither a rate nor an auditor, and "non conforme": short, and complete
    (model("results", "content").replace("partiellement", "non"), []),
    # an auditor is named: the rate is owed
    (model("content").replace("révèle que 71,5&nbsp;% des critères sont respectés", "est en ligne").replace("partiellement", "non"), ["results", "content"]),
    (model("results", "content"), ["results", "content"]),
    # a telephone number is neither an address nor a form, and the Défenseur's form is not the service's
    (model("contact") + "<h2>Contact</h2><p>01 23 45 67 89</p>", ["contact"]),
    (GENERATOR.replace("quai@port.example", "contact@defenseurdesdroits.fr"), ["contact"]),
    (GENERATOR.replace("non conforme", "en cours d’évaluation"), ["state"]),
    (GENERATOR.replace("30 janvier 2026", "jour de son lancement").replace("Mise à jour le <b>1 octobre 2026</b>", ""), ["date"]),
]  # fmt: skip


@pytest.mark.parametrize("body,lacks", PAGES)
@pytest.mark.parametrize("hand", ["dsfr", "wordpress", "next", "by-hand"])
def test_parts(judge, dress, hand, body, lacks):
    page = dress[hand](body, LINK, title="Déclaration d’accessibilité")

    verdict = judge(ID, dress[hand](HOME, LINK), pages=[("link", "/accessibilite", page)])

    assert verdict.facts["missing"] == lacks
    assert (verdict.reason, verdict.value) == (("parts-missing", ",".join(lacks)) if lacks else ("complete", None))
    assert verdict.evidence


def judged(judge, dress, *pages, home=HOME, **more):
    dressed = [(found, url, dress["dsfr"](page, LINK) if type(page) is str else page) for found, url, page in pages]
    return judge(ID, dress["dsfr"](home, LINK), pages=dressed, **more)


def test_the_facts(judge, dress):
    verdict = judged(judge, dress, ("link", "/accessibilite", model()))

    assert verdict.facts == {
        "level": "partially",
        "rate": 71.5,
        "standard": "RGAA version 4.1",
        "audit_date": "2026-03-03",
        "update_date": None,
        "auditor": "Quai Conseil",
        "contact_email": "quai@port.example",
        "contact_form": None,
        "article_47": True,
        "missing": [],
    }


@pytest.mark.parametrize(
    "sentence,facts",
    [
        ("Audit réalisé le 5 février 2025.", {"audit_date": "2025-02-05"}),
        ("Elle a été mise à jour le 4 mai 2026.", {"update_date": "2026-05-04"}),
        ("", {"audit_date": "2026-03-03", "update_date": None}),
    ],
)
def test_the_date_of_the_declaration_stands_for_that_of_its_audit(judge, dress, sentence, facts):
    page = model().replace("le 3 mars 2026", f"le 3 mars 2026. {sentence}")

    assert judged(judge, dress, ("link", "/accessibilite", page)).facts.items() >= facts.items()


def test_a_service_that_was_never_audited_has_no_date_of_audit(judge, dress):
    facts = judged(judge, dress, ("link", "/accessibilite", GENERATOR)).facts

    assert (facts["audit_date"], facts["update_date"]) == (None, "2026-10-01")


def test_a_whole_rate_is_a_whole_number(judge, dress):
    rate = judged(judge, dress, ("link", "/a", model().replace("71,5&nbsp;%", "71 %"))).facts["rate"]

    assert (rate, type(rate)) == (71, int)


def test_the_evidence_of_a_complete_declaration_quotes_it(judge, dress):
    verdict = judged(judge, dress, ("link", "/accessibilite", model()))

    assert [one.excerpt.partition(" ")[0] for one in verdict.evidence] == [
        "Bac",
        "L’audit",
        "Cette",
        "quai@port.example.",
    ]


@pytest.mark.parametrize(
    "absent,place,excerpt",
    [
        ("contact", "h2", "Retour d’information"),
        ("state", "h2", "État de conformité"),
        ("article-47", "h1", "Déclaration"),
    ],
)
def test_the_evidence_of_a_missing_part_is_where_it_was_looked_for(judge, dress, absent, place, excerpt):
    heading = MODEL[absent].partition("</h2>")[0].rpartition(".</p>")[2] if "<h2>" in MODEL[absent] else ""
    page = model(absent) + (f"{heading}</h2><p>Rien.</p>" if heading else "")

    evidence = judged(judge, dress, ("link", "/accessibilite", page)).evidence

    assert evidence[0].excerpt.startswith(excerpt)
    assert place in evidence[0].locator


COMMITMENT = (
    "<h1>Accessibilité</h1><p>Nous améliorons le site. Taux de conformité : 64 %. Contact : quai@port.example</p>"
)


def test_facts_are_read_even_where_there_is_no_declaration(judge, dress):
    verdict = judged(judge, dress, ("link", "/accessibilite", COMMITMENT))

    assert (verdict.outcome, verdict.reason) == ("inapplicable", "no-declaration")
    assert (verdict.facts["rate"], verdict.facts["contact_email"]) == (64, "quai@port.example")
    assert verdict.evidence[0].url.endswith("/accessibilite")


# What the link leads to, the reason, and the warnings.
NOT_READ = [
    (404, "no-declaration", ()),
    (FailureKind.TIMEOUT, "unreachable", ()),
    (403, "blocked", ()),
    ({"headers": {"Content-Type": "application/msword"}, "body": b"\xd0\xcf"}, "not-html", ("pdf",)),
]


@pytest.mark.parametrize("answer,reason,warnings", NOT_READ)
def test_what_was_not_read_owes_nothing(judge, dress, answer, reason, warnings):
    verdict = judged(judge, dress, ("link", "/accessibilite", answer))

    assert (verdict.reason, verdict.warnings) == (reason, warnings)
    assert verdict.outcome == RULE.outcome(reason)


def test_a_page_out_of_reach_may_be_the_declaration(judge, dress):
    pages = [("link", "/accessibilite", COMMITMENT), ("link", "/declaration", FailureKind.TIMEOUT)]

    verdict = judged(judge, dress, *pages)

    assert (verdict.outcome, verdict.reason, verdict.facts["rate"]) == ("cantTell", "unreachable", 64)


def test_a_home_page_that_is_not_read(judge):
    assert judge(ID, 403).reason == "blocked"


def test_a_declaration_on_another_host_or_without_encryption(judge, dress):
    pages = [("link", "http://declarations.example/bac", model())]

    assert judged(judge, dress, *pages).warnings == ("external-host", "insecure")
