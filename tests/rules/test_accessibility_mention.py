from __future__ import annotations

import pytest

from checks.rules.accessibility.accessibility_mention import RULE

NOT, PARTLY, TOTALLY = "level-not", "level-partially", "level-totally"
NONE, NO_LEVEL, TEMPLATE = "no-mention", "no-legal-level", "template-placeholder"
VALUES = {NOT: "not", PARTLY: "partially", TOTALLY: "totally"}
HANDS = ("dsfr", "wordpress", "by-hand", "next")

# What stands in the foot of the page, and what it says.
FOOTERS = [
    ('<a href="/accessibilite">Accessibilité : non conforme</a>', NOT),
    ('<a href="/accessibilite">Accessibilité : partiellement conforme</a>', PARTLY),
    ('<a href="/accessibilite">Accessibilité : totalement conforme</a>', TOTALLY),
    # spaces and line breaks
    ("<a href=/a11y>Accessibilité\u00a0: non conforme</a>", NOT),
    ("<a href=/a11y>Accessibilité\u202f:\u00a0non\u202fconforme</a>", NOT),
    ("<a href=/a11y>Accessibilité&nbsp;: non&nbsp;conforme</a>", NOT),
    ("<a href=/a11y>Accessibilité: non conforme</a>", NOT),
    ("<a href=/a11y>Accessibilité:non conforme</a>", NOT),
    ("<a href=/a11y>\n\t\tAccessibilité\n\t\t:\n\t\tpartiellement\n\t\tconforme\n</a>", PARTLY),
    ("<a href=/a11y>Accessibilité<br>totalement conforme</a>", TOTALLY),
    ("<a href=/a11y>Accessi&shy;bilité : non con\u200bforme</a>", NOT),
    # accents and entities
    ("<a href=/a11y>Accessibilite\u0301 : non conforme</a>", NOT),
    ("<a href=/a11y>Accessibilit&eacute;&#8239;: non conforme</a>", NOT),
    ("<a href=/a11y>Accessibilit&#xE9; &#58; partiellement conforme</a>", PARTLY),
    ("<a href=/a11y>Accessibilite : non conforme</a>", NOT),
    # capitals
    ("<a href=/a11y>ACCESSIBILITÉ : NON CONFORME</a>", NOT),
    ("<a href=/a11y>accessibilité : Partiellement Conforme</a>", PARTLY),
    # what stands between
    ("<a href=/a11y>Accessibilité - non conforme</a>", NOT),
    ("<a href=/a11y>Accessibilité – totalement conforme</a>", TOTALLY),
    ("<a href=/a11y>Accessibilité — non-conforme</a>", NOT),
    ("<a href=/a11y>Accessibilité (non conforme)</a>", NOT),
    ("<a href=/a11y>Accessibilité (partiellement conforme)</a>", PARTLY),
    ("<a href=/a11y>Accessibilité non conforme</a>", NOT),
    ("<a href=/a11y>Accessibilité : non\u2011conforme</a>", NOT),
    ("<a href=/a11y>Accessibilité → non conforme</a>", NOT),
    # pieces
    ("<a href=/a11y>Accessibilité : <strong>non conforme</strong></a>", NOT),
    ("<span>Accessibilité</span><span> : </span><em>partiellement</em> <em>conforme</em>", PARTLY),
    ("<a href=/a11y>Accessibilité<!-- -->: <!-- -->non<!-- --> <!-- -->conforme</a>", NOT),
    ("<a href=/a11y><div>Accessibilité</div><div>non conforme</div></a>", NOT),
    ("<p>Accessibilité</p><p>Partiellement conforme</p>", PARTLY),
    ("<dl><dt>Accessibilité numérique :</dt><dd>totalement conforme</dd></dl>", TOTALLY),
    ("<b>A</b>ccessibilité : non c<i>onf</i>orme", NOT),
    # no link at all
    ("Accessibilité : non conforme", NOT),
    ("<button type=button>Accessibilité : non conforme</button>", NOT),
    ("<a>Accessibilité : non conforme</a>", NOT),
    ("<a href='#'>Accessibilité : non conforme</a>", NOT),
    ("<a href='javascript:void(0)'>Accessibilité : non conforme</a>", NOT),
    ("<span>Contact</span><span>Accessibilité : non conforme</span><span>Cookies</span>", NOT),
    # of what, and more words
    ("<a href=/a11y>Accessibilité du téléservice : non conforme</a>", NOT),
    ("<a href=/a11y>Accessibilité du site : partiellement conforme</a>", PARTLY),
    ("<a href=/a11y>Accessibilité du service : non conforme</a>", NOT),
    ("<a href=/a11y>Accessibilité de ce site : totalement conforme</a>", TOTALLY),
    ("<a href=/a11y>Accessibilité numérique : non conforme</a>", NOT),
    ("<a href=/a11y>Accessibilité numérique du site : non conforme</a>", NOT),
    ("<a href=/a11y>Accessibilité web : partiellement conforme</a>", PARTLY),
    ("<a href=/a11y>Accessibilité de Bac à voile : non conforme</a>", NOT),
    ("<a href=/a11y>Accessibilité du Bac à voile : non conforme</a>", NOT),
    ("<a href=/a11y>Site non conforme</a>", NOT),
    ("<a href=/a11y>Site partiellement conforme au RGAA</a>", PARTLY),
    ("Ce site est partiellement conforme au RGAA 4.1.", PARTLY),
    ("Notre service est non conforme.", NOT),
    ("<a href=/a11y>Conformité RGAA : non conforme</a>", NOT),
    ("<a href=/a11y>Conformité au RGAA : totalement conforme</a>", TOTALLY),
    ("<a href=/a11y>Conformité à l’accessibilité numérique : non conforme</a>", NOT),
    ("<a href=/a11y>RGAA : partiellement conforme</a>", PARTLY),
    ("<a href=/a11y>A11y : partiellement conforme</a>", PARTLY),
    ("<a href=/a11y>Déclaration d’accessibilité : non conforme</a>", NOT),
    ("<a href=/a11y>Statut d'accessibilité : partiellement conforme</a>", PARTLY),
    ("<a href=/a11y>Niveau de conformité RGAA : totalement conforme</a>", TOTALLY),
    ("<a href=/a11y>Accessibilité : site non conforme</a>", NOT),
    ("<a href=/a11y>Accessibilité : ce service est partiellement conforme</a>", PARTLY),
    ("<a href=/a11y>Accessibilité : partiellement conforme (62,5 %)</a>", PARTLY),
    ("<a href=/a11y>Accessibilité : partiellement conforme à 78 %</a>", PARTLY),
    ("<a href=/a11y>Accessibilité : non conforme (nouvelle fenêtre)</a>", NOT),
    ("<a href=/a11y>Accessibilité : non conforme. Audit prévu en 2027.</a>", NOT),
    # English
    ("<a href=/a11y>Accessibility: not compliant</a>", NOT),
    ("<a href=/a11y>Accessibility: non-compliant</a>", NOT),
    ("<a href=/a11y>Accessibility: partially compliant</a>", PARTLY),
    ("<a href=/a11y>Accessibility : fully compliant</a>", TOTALLY),
    ("<a href=/a11y>Accessibility statement: not compliant</a>", NOT),
    ("<a href=/a11y>Web accessibility: not compliant</a>", NOT),
    # what a visitor perceives of a link
    ("<a href=/a11y aria-label='Accessibilité : non conforme'><svg><path d='M0 0'/></svg></a>", NOT),
    ("<a href=/a11y><img src=a.png alt='Accessibilité : partiellement conforme'></a>", PARTLY),
    ("<a href=/a11y title='Accessibilité : non conforme'><svg></svg></a>", NOT),
    ("<a href=/a11y><svg role=img aria-label='Accessibilité : non conforme'><path /></svg></a>", NOT),
    ("<a href=/a11y><svg><title>Accessibilité : non conforme</title></svg></a>", NOT),
    ("<a href=/a11y>Accessibilité <svg><title>: non conforme</title></svg></a>", NOT),
    ("<a href=/a11y>Accessibilité <svg aria-hidden=true><title>: non conforme</title></svg></a>", NONE),
    ("<a href=/a11y aria-label='Lire la déclaration'>Accessibilité : non conforme</a>", NOT),
    ("<map><area href=/a11y alt='Accessibilité : totalement conforme'></map>", TOTALLY),
    # not perceived
    ("<!-- Accessibilité : non conforme -->", NONE),
    ("<span hidden>Accessibilité : non conforme</span>", NONE),
    ("<a href=/a11y style='display: none'>Accessibilité : non conforme</a>", NONE),
    ("<div style='DISPLAY:NONE !important'><a href=/a11y>Accessibilité : non conforme</a></div>", NONE),
    ("<p style='visibility:\thidden'>Accessibilité : non conforme</p>", NONE),
    ("<template><a href=/a11y>Accessibilité : non conforme</a></template>", NONE),
    ("<script>document.write('Accessibilité : non conforme')</script>", NONE),
    ('<script type="application/json">{"mention": "Accessibilité : non conforme"}</script>', NONE),
    ("<noscript>Accessibilité : non conforme</noscript>", NONE),
    ("<style>a::after { content: 'Accessibilité : non conforme' }</style>", NONE),
    ("<dialog>Accessibilité : non conforme</dialog>", NONE),
    ("<a href=/a11y>Accessibilité<span hidden> : non conforme</span></a>", NONE),
    # the bare word, and what is no level
    ("<a href=/accessibilite>Accessibilité</a>", NONE),
    ("<a href=/accessibilite>Déclaration d’accessibilité</a>", NONE),
    ("", NONE),
    ("<a href=/a11y>Accessibilité : conforme</a>", NO_LEVEL),
    ("<a href=/a11y>Accessibilité conforme</a>", NO_LEVEL),
    ("<a href=/a11y>Accessibilité : en cours d’évaluation</a>", NO_LEVEL),
    ("<a href=/a11y>Accessibilité : à venir</a>", NO_LEVEL),
    ("<a href=/a11y>Accessibilité : audit en cours</a>", NO_LEVEL),
    ("<a href=/a11y>Accessibilité : 62 %</a>", NO_LEVEL),
    ("<a href=/a11y>Accessibilité : totalement non conforme</a>", NO_LEVEL),
    ("<a href=/a11y>Accessibilité : peu conforme</a>", NO_LEVEL),
    ("<a href=/a11y>Accessibilité : pas conforme</a>", NO_LEVEL),
    ("<a href=/a11y>Accessibilité : entièrement conforme</a>", NO_LEVEL),
    ("<a href=/a11y>Accessibilité : conformité partielle</a>", NO_LEVEL),
    ("<a href=/a11y>Accessibilité : pas vraiment conforme</a>", NO_LEVEL),
    ("<a href=/a11y>Accessibilité : pas encore évaluée</a>", NO_LEVEL),
    ("<a href=/a11y>Accessibilité : non évaluée</a>", NO_LEVEL),
    ("<a href=/a11y>Accessibility: in progress</a>", NO_LEVEL),
    # the template, as it comes
    ("<a href=/a11y>Accessibilité : non/partiellement/totalement conforme</a>", TEMPLATE),
    ("<a href=/a11y>Accessibilité&nbsp;: non / partiellement / totalement conforme</a>", TEMPLATE),
    ("<a href=/a11y>Accessibilité : [non/partiellement/totalement] conforme</a>", TEMPLATE),
    ("<a href=/a11y>Accessibilité : non, partiellement ou totalement conforme</a>", TEMPLATE),
    ("<a href=/a11y>Accessibilité : non conforme / partiellement conforme / totalement conforme</a>", TEMPLATE),
    ("<a href=/a11y>Accessibilité : [statut]</a>", TEMPLATE),
    ("<a href=/a11y>Accessibilité : {{ niveau }}</a>", TEMPLATE),
    (
        "<p>Accessibilité : non conforme</p><p>Accessibilité : partiellement conforme</p><p>Accessibilité : totalement conforme</p>",
        TEMPLATE,
    ),
    # buildings and people, not sites
    ("<a href=/gares>Accessibilité des gares : non conforme</a>", NONE),
    ("<a href=/erp>Établissements non conformes</a>", NONE),
    ("<a href=/erp>Accessibilité ERP : non conforme</a>", NONE),
    ("<a href=/pmr>Accessibilité PMR : partiellement conforme</a>", NONE),
    ("<a href=/lieux>Accessibilité du bâtiment : non conforme</a>", NONE),
    ("<a href=/lieux>Accessibilité : locaux non conformes aux normes ERP</a>", NONE),
    ("<a href=/x>Accessibilité de n’importe quoi : totalement conforme</a>", NONE),
    ("<a href=/x>Signaler un produit non conforme</a>", NONE),
    ("<a href=/x>Conformité RGPD : totalement conforme</a>", NONE),
    ("<a href=/x>Accessibillité : non conforme</a>", NONE),
    ("<a href=/blog/2>Accessibilité : totalement conforme ? Notre guide</a>", NONE),
    ("<a href=/blog/1>Que veut dire « Accessibilité : non conforme » ?</a>", NONE),
]


@pytest.mark.parametrize("footer,reason", FOOTERS, ids=[footer[:70] for footer, _ in FOOTERS])
@pytest.mark.parametrize("hand", HANDS)
def test_what_the_footer_says(judge, dress, hand: str, footer: str, reason: str):
    verdict = judge(
        "accessibility-mention",
        dress[hand]("<h2>Traverser</h2><p>Le bac part à l’heure.</p>", footer),
        name="Bac à voile",
    )

    assert (verdict.reason, verdict.value) == (reason, VALUES.get(reason))
    assert verdict.outcome == RULE.outcomes[reason]


# The body of the page, the reason, and warnings when the registry says "partiellement conforme".
LESSON = (
    "<p>Depuis 2019, un site doit dire s’il est accessible. La mention « Accessibilité : non conforme » se lit souvent en bas des pages, et bien "
    "peu affichent « Accessibilité : totalement conforme ». Beaucoup de sites sont non conformes, et le disent mal.</p>"
)
WELCOME = (
    "<p>Bienvenue sur le site du bac, qui traverse le fleuve toutes les vingt minutes, par tous les temps, depuis cent ans et plus. "
    "Ce site est partiellement conforme au RGAA. Il sera corrigé bientôt, comme le quai.</p>"
)
THREE_LEVELS = (
    "<ul>"
    + "".join(f"<li>Accessibilité : {level} conforme</li>" for level in ("non", "partiellement", "totalement"))
    + "</ul>"
)
BODIES = [
    ("<p>Accessibilité : non conforme</p>", NOT),
    ("<p>Notre site est partiellement conforme au RGAA.</p>", PARTLY),
    (WELCOME, PARTLY),
    (LESSON, NONE),
    (f"<article>{LESSON}<h3>Accessibilité : non conforme, et alors ?</h3></article>", NONE),
    ("<blockquote>Accessibilité : non conforme</blockquote>", NONE),
    ("<p>Écrivez <code>Accessibilité : non conforme</code> en bas de vos pages.</p>", NONE),
    (THREE_LEVELS, TEMPLATE),
    ("<h3>Rampe d’accès : 20 % des établissements non conformes</h3>", NONE),
    ("<p>Produit non conforme</p><p>Service non conforme</p>", NONE),
]  # fmt: skip


@pytest.mark.parametrize("main,reason", BODIES)
def test_what_the_body_says(judge, dress, main: str, reason: str):
    verdict = judge("accessibility-mention", dress["dsfr"](main, "<a href=/cgu>CGU</a>"))

    assert (verdict.reason, verdict.value) == (reason, VALUES.get(reason))


MENTION = '<a href="/accessibilite">Accessibilité : non conforme</a>'
INNER = ("link", "/accessibilite", None)
# The footer, what inner pages have of it, what the registry says: the reason and the warnings.
WARNED = [
    (MENTION, [MENTION], None, NOT, ()),
    (MENTION, [MENTION], "non conforme", NOT, ()),
    (MENTION, [MENTION], "partiellement conforme", NOT, ("mention-differs-from-registry",)),
    (MENTION, [MENTION], "Totalement conforme", NOT, ("mention-differs-from-registry",)),
    (MENTION, [MENTION], "non communiqué", NOT, ()),
    (MENTION, ["<a href=/cgu>CGU</a>"], None, NOT, ("mention-not-on-inner-pages",)),
    (
        MENTION,
        [MENTION, ""],
        "totalement conforme",
        NOT,
        ("mention-differs-from-registry", "mention-not-on-inner-pages"),
    ),
    ("<a>Accessibilité : conforme</a>", [""], "non conforme", NO_LEVEL, ("mention-differs-from-registry",)),
    ("", [""], "non conforme", NONE, ()),
]


@pytest.mark.parametrize("footer,inner,registry,reason,warnings", WARNED)
def test_warnings(judge, dress, footer, inner, registry, reason, warnings):
    pages = [
        ("link", f"/page-{rank}", dress["dsfr"](f"<h1>Page {rank}</h1><p>Quai numéro {rank}.</p>", each))
        for rank, each in enumerate(inner)
    ]
    verdict = judge(
        "accessibility-mention", dress["dsfr"]("<p>Le bac.</p>", footer), pages=pages, accessibility_status=registry
    )

    assert (verdict.reason, set(verdict.warnings)) == (reason, set(warnings))


def test_a_page_out_of_reach_is_no_page_without_a_mention(judge, dress):
    home = dress["dsfr"]("<p>Le bac.</p>", MENTION)

    assert judge("accessibility-mention", home, pages=[("link", "/x", 500), ("link", "/y", 404)]).warnings == ()


WHOLE_PAGES = [
    # anti-flicker styles hide everything until a script has run
    ("<html style='display:none'><body style='visibility:hidden'><p>Bac</p><footer>Accessibilité : non conforme</footer></body></html>", NOT),
    # the foot of the page first, though the top quotes something else
    ("<body><h2>Accessibilité : totalement conforme</h2><footer>Accessibilité : non conforme</footer></body>", NOT),
    ("<body><div class='pied-de-page'>Accessibilité : partiellement conforme</div></body>", PARTLY),
    ("<body><div role=contentinfo>Accessibilité : partiellement conforme</div></body>", PARTLY),
    # the foot may still come: a script is there, a footer is not
    ("<body><h1>Le bac</h1><p>" + "Il traverse. " * 40 + "</p><script src=/app.js></script></body>", "needs-rendering"),
    ("<body><h1>Le bac</h1><p>" + "Il traverse. " * 40 + "</p><article><footer>Écrit hier</footer></article><script src=/a.js></script></body>",
     "needs-rendering"),
    ("<body><h1>Le bac</h1><p>" + "Il traverse. " * 40 + "</p><div class=card-footer>12 €</div><script src=/a.js></script></body>", "needs-rendering"),
    # no script will bring anything
    ("<body><h1>Le bac</h1><p>" + "Il traverse. " * 40 + "</p></body>", NONE),
]  # fmt: skip


@pytest.mark.parametrize("html,reason", WHOLE_PAGES)
def test_whole_pages(judge, html: str, reason: str):
    assert judge("accessibility-mention", html).reason == reason


@pytest.mark.parametrize(
    "encoding,declared",
    [
        ("iso-8859-1", "text/html; charset=ISO-8859-1"),
        ("iso-8859-1", "text/html"),
        ("cp1252", "text/html; charset=windows-1252"),
        ("utf-16", "text/html"),
        ("utf-8-sig", "text/html"),
    ],
)
def test_old_encodings(judge, encoding: str, declared: str):
    label = f"<meta charset={encoding}>" if encoding.startswith("iso") else ""
    html = (
        f"<html><head>{label}<title>Bac</title></head><body><footer>Accessibilité : non conforme</footer></body></html>"
    )

    verdict = judge("accessibility-mention", {"body": html.encode(encoding), "headers": {"Content-Type": declared}})

    assert verdict.reason == NOT
    assert verdict.evidence[0].excerpt == "Accessibilité : non conforme"


def test_the_evidence_is_the_place_that_decided(judge, dress):
    verdict = judge("accessibility-mention", dress["dsfr"]("<p>Le bac.</p>", MENTION))

    assert [(one.locator, one.excerpt, one.status) for one in verdict.evidence] == [
        ("footer a[2]", "Accessibilité : non conforme", 200)
    ]


def test_every_reason_and_every_warning_has_a_row():
    assert {reason for _, reason in FOOTERS} == set(RULE.outcomes)
    assert {warning for *_, warnings in WARNED for warning in warnings} == set(RULE.warnings)
