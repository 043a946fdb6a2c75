from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from checks.catalogue import BY_ID
from checks.catalogue import RULES as RULES_IN_ORDER
from checks.model.capture import Capture, Role
from checks.model.french import fold
from checks.parse.declaration.sections import Outline, parts_of
from checks.parse.declaration.signs import signs
from checks.parse.html import Page

RULES = sorted(set(BY_ID) - {"https"})
slow = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LEVELS = {"non": "not", "partiellement": "partially", "totalement": "totally"}
ACCENTS = {"a": "aàâ", "e": "eéèê", "i": "iîï", "o": "oô", "u": "uùû", "c": "cç"}
SPACES = [" ", "\u00a0", "\u202f", "\u2009", "\n", "\t", "  "]
APOSTROPHES = ["'", "’", "ʼ", "´", "′"]

TAGS = [
    "html",
    "body",
    "p",
    "div",
    "a",
    "footer",
    "main",
    "table",
    "svg",
    "template",
    "noscript",
    "select",
    "form",
    "iframe",
    "title",
    "base",
]
WORDS = [
    "Accessibilité",
    " : ",
    "non conforme",
    "Déclaration",
    "12 000 €",
    "45 %",
    "404",
    "<",
    "&nbsp;",
    "\0",
    "]]>",
    "<!--",
    "-->",
    "]",
    "'",
]
pieces = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS] + WORDS),
    st.sampled_from(
        [
            "<a href='http://[::1'>",
            "<a href='//'>",
            "<a href=mailto:x>",
            "<base href='::'>",
            "<meta charset=utf-7>",
            "<a href='https://x:99999/'>",
        ]
    ),
    st.text(max_size=20),
)
documents = st.one_of(
    st.lists(pieces, max_size=40).map(lambda some: "".join(some).encode("utf-8", "replace")), st.binary(max_size=300)
)
types = st.one_of(
    st.sampled_from(
        [
            "text/html",
            "text/html; charset=utf-16",
            "text/html; charset=nope",
            'TEXT/HTML;charset="iso-8859-1"',
            ";",
            "application/xhtml+xml",
        ]
    ),
    st.text(max_size=20),
)


@slow
@given(home=documents, other=documents, kind=types, name=st.text(max_size=12))
@example(
    home=b"<html><body><a href='http://[::1'>Accessibilit\xc3\xa9</a><base href='//['>",
    other=b"\xff\xfe\0",
    kind="text/html",
    name="(",
)
def test_no_page_crashes_a_rule(judge, home, other, kind, name):
    for rule in RULES:
        verdict = judge(
            rule,
            {"body": home, "headers": {"Content-Type": kind, "Refresh": name}},
            pages=[
                ("declared", "/a", other),
                ("link", "http://bac-a-voile.example/b", {"body": other, "headers": {"Content-Type": kind}}),
            ],
            random=other,
            name=name,
            repository="https://github.com/" + name,
            budget_url="https://pad.example/" + name,
        )
        assert verdict.rule == rule


french = st.text(
    alphabet="abcdefghijklmnopqrstuvwxyzéèêëàâîïôùûçœæÉÈÀÇŒ'’ -–\u00a0\u202f.,:;!?0123456789()«»", max_size=60
)


@given(st.one_of(french, st.text(max_size=40)))
@example("Œuvre d’accès")
def test_fold_is_idempotent(text: str):
    assert fold(fold(text)) == fold(text)


@given(french, st.data())
def test_fold_sees_no_accent_case_space_or_apostrophe(text: str, data: st.DataObject):
    def respelt(char: str) -> str:
        if char.isspace():
            return data.draw(st.sampled_from(SPACES))
        if char == "'":
            return data.draw(st.sampled_from(APOSTROPHES))
        accented = data.draw(st.sampled_from(ACCENTS.get(char, char)))
        return data.draw(st.sampled_from([accented, accented.upper()]))

    assert fold("".join(map(respelt, fold(text)))) == fold(text)


@st.composite
def mentions(draw: st.DrawFn) -> tuple[str, str]:
    """An accepted spelling of a mention, as HTML, and its level."""
    level = draw(st.sampled_from(sorted(LEVELS)))
    space = st.sampled_from(["", *SPACES, "&nbsp;", "&#8239;", "<!-- -->"])
    apart = st.sampled_from([*SPACES, "&nbsp;", "-", "\u2011", "<br>", "</b> <i>"])
    subject = draw(
        st.sampled_from(
            [
                "Accessibilité",
                "Accessibilité du site",
                "Accessibilité numérique",
                "Accessibilite\u0301",
                "ACCESSIBILITÉ",
            ]
        )
    )
    between = draw(st.sampled_from([":", "-", "–", "("]))
    text = f"{subject}{draw(space)}{between}{draw(space)}{level}{draw(apart)}conforme{')' * (between == '(')}"
    text = (
        draw(st.sampled_from([str, str.upper, str.capitalize]))(text) if "<" not in text and "&" not in text else text
    )
    wrap = draw(
        st.sampled_from(
            ["{}", "<a href=/a11y>{}</a>", "<p>{}</p>", "<a href='#'><strong>{}</strong></a>", "<ul><li>{}</li></ul>"]
        )
    )
    return wrap.format(text), LEVELS[level]


@slow
@given(mention=mentions(), hand=st.sampled_from(["dsfr", "wordpress", "by-hand", "next"]))
def test_an_accepted_mention_is_found(judge, dress, mention: tuple[str, str], hand: str):
    html, level = mention

    assert judge("accessibility-mention", dress[hand]("<p>Le bac traverse.</p>", html)).value == level


HIDDEN = [
    "<!-- {} -->",
    "<span hidden>{}</span>",
    "<span style='display:none'>{}</span>",
    "<i style='visibility : hidden'>{}</i>",
    "<template>{}</template>",
    "<script type=text/plain>{}</script>",
    "<noscript>{}</noscript>",
]
SECRETS = [
    "Accessibilité : totalement conforme",
    "Page introuvable",
    "45 230 usagers, 12 000 €",
    "<b role=heading>Déclaration d’accessibilité</b> <i>Le site est non conforme. Défenseur des droits.</i>",
    "<a href=https://github.com/port/bac>Code source</a>",
    "<input type=password>",
    "<canvas></canvas>",
    "Le site est en maintenance",
]
PAGES = {
    "accessibility-mention": "<p>Le bac traverse.</p>",
    "accessibility-declaration": "<h1>Accessibilité</h1><p>Le bac est non conforme. Le Défenseur des droits peut être saisi.</p>",
    "statistics-page": "<h1>Statistiques</h1><p>45 230 traversées en un an.</p>",
    "budget-page": "<h1>Budget</h1><p>Coût : 412 000 €</p>",
    "budget-freshness": "<h1>Budget 2025</h1><p>Coût : 412 000 €</p>",
    **dict.fromkeys(
        (
            "accessibility-declaration-model",
            "accessibility-declaration-validity",
            "accessibility-declaration-consistency",
            "accessibility-schema",
            "accessibility-plan",
        ),
        "<h1>Déclaration d'accessibilité</h1><p>Conformément à l'article 47, ce site est non conforme, établi le 3 mars 2026.</p>"
        "<p>Schéma pluriannuel 2025-2027 et plan d'actions 2026.</p>",
    ),
    "source-code": "<p>Le bac est libre.</p>",
    "source-licence": "<p>Le bac est libre.</p>",
    **dict.fromkeys(
        ("legal-notice", "privacy-policy", "terms-of-use"),
        "<h1>Mentions légales et CGU</h1><p>Éditeur : le port. Le bac permet de traverser.</p><h2>Données personnelles</h2><p>Vos droits.</p>",
    ),
    **dict.fromkeys((rule.id for rule in RULES_IN_ORDER if rule.reads_exchange), "<p>Le bac traverse.</p>"),
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("is_bare", [False, True], ids=["whole", "bare"])
@slow
@given(hidden=st.sampled_from(HIDDEN), secret=st.sampled_from(SECRETS), where=st.floats(0, 1))
def test_what_is_hidden_changes_no_verdict(judge, dress, rule, is_bare, hidden, secret, where):
    main = "<h1>Nos pages</h1><p>Rien à voir.</p>" if is_bare else PAGES[rule]
    page = dress["dsfr"](main, "<a href=/x>Contact</a>" if is_bare else "<a href=/x>Accessibilité : non conforme</a>")
    changed = with_inserted(page, hidden.format(secret), where)

    def said(home: str, other: str):
        verdict = judge(rule, home, pages=[("declared", "/page", other), ("link", "/mentions-legales", other)])
        return verdict.outcome, verdict.reason, verdict.value, verdict.warnings

    plain = dress["dsfr"](
        "<p>Le bac traverse le fleuve toutes les vingt minutes, sauf la nuit, et par tous les temps.</p>", ""
    )
    assert said(plain, changed) == said(plain, page)
    assert said(changed, plain) == said(page, plain)


def with_inserted(page: str, html: str, where: float) -> str:
    """Between two characters of the text or two elements; never inside a tag, an entity, a title or a script."""
    spots = range(page.index("<main"), page.index("<script"))
    outside = [
        spot
        for spot in spots
        if page.rfind("<", 0, spot) <= page.rfind(">", 0, spot) and "&" not in page[spot - 9 : spot]
    ]
    spot = outside[int(where * (len(outside) - 1))]
    return page[:spot] + html + page[spot:]


def read(body: str | bytes) -> Page:
    return Page(
        Capture(
            id="<urn:uuid:1>",
            service="bac-a-voile",
            number=1,
            role=Role.HOME,
            url="https://bac-a-voile.example/quai/",
            at=datetime(2026, 11, 23, tzinfo=UTC),
            status=200,
            headers=(("Content-Type", "text/html"),),
            body=body.encode() if isinstance(body, str) else body,
        )
    )


@given(st.one_of(documents, st.binary(max_size=2_000)))
@example(b"\xff\xfe<\0p\0")
def test_a_page_is_read_whatever_its_bytes(body: bytes):
    page = read(body)

    assert page.words == " ".join(block.words for block in page.blocks)
    assert all(fold(block.text) == block.words and page.place(block.element) for block in page.blocks)
    assert [link.words for link in page.links] == [fold(link.name) for link in page.links]
    assert page.title == " ".join(page.title.split())


seen = st.text(alphabet="abcdefghijé ’:.", min_size=1, max_size=30).filter(str.strip)
AROUND = [
    "<p>{}</p>",
    "<div>{}<b>{}</b></div>",
    "<a href=/x>{}</a>",
    "<ul><li>{}</li></ul>",
    "<table><tr><td>{}</td></tr></table>",
]


@given(
    hidden=st.lists(st.sampled_from(HIDDEN), min_size=1, max_size=4),
    texts=st.lists(seen, min_size=1, max_size=4),
    around=st.sampled_from(AROUND),
)
def test_what_is_hidden_is_never_text(hidden: list[str], texts: list[str], around: str):
    inner = "".join(
        escape(text) + one.format("<i>SECRET</i> ZZZ") for text, one in zip(texts, [*hidden * 4], strict=False)
    )
    page = read(around.format(inner, inner))

    said = " ".join(
        [
            page.words,
            page.title,
            *(link.name for link in page.links),
            *(page.text_of(tag) for tag in page.soup.find_all(name=True)),
        ]
    )
    assert not re.search("secret|zzz", fold(said))
    assert "".join(page.words.split()) == "".join(fold(" ".join(texts * around.count("{}"))).split())


@given(label=seen, text=seen, alt=seen)
def test_the_name_of_a_link(label: str, text: str, alt: str):
    page = read(
        f'<a href=/1 aria-label="{label}" title=no>{text}</a> <a href=/2><b>{text}</b><img alt="{alt}"></a> '
        f'<a href=/3><svg>no</svg><span hidden>no</span></a> <a href=/4 title="{label}"><img alt=""></a>'
    )

    names = [link.words for link in page.links]
    assert names == [fold(label), fold(f"{text} {alt}"), "", fold(label)]


@given(st.lists(seen, min_size=1, max_size=5), st.sampled_from(["h3", "h4", "h5"]))
def test_a_sub_heading_ends_no_section(texts: list[str], name: str):
    subsections = "".join(f"<{name}>Point {rank}</{name}><p>passage {text}</p>" for rank, text in enumerate(texts))
    outline = Outline(
        read(
            f"<h1>Déclaration d’accessibilité</h1><h2>Contenus non accessibles</h2>{subsections}<h2>Plan du site</h2><p>Après</p>"
        )
    )

    contents = parts_of("contenus non accessibles")
    inside = [one for one in outline.passages if one.words.startswith("passage")]
    assert contents
    assert len(inside) >= len(texts)
    assert all(contents <= one.path for one in inside)
    assert not contents & outline.passages[-1].path


@given(before=st.lists(seen, max_size=20), after=st.lists(seen, max_size=40))
def test_an_excerpt_is_made_of_whole_words(before: list[str], after: list[str]):
    text = " ".join(f"{' '.join(before)} le site est non conforme {' '.join(after)}".split())
    sign = next(sign for sign in signs(read(f"<p>{text}</p>")) if sign.name == "level")

    kept = sign.text.removeprefix("… ").removesuffix("…")
    assert f" {kept} " in f" {text} "
    assert "non conforme" in kept
    assert sign.text.startswith("… ") != text.startswith(kept)
    assert sign.text.endswith("…") != text.endswith(kept)
