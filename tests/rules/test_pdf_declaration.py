"""Declarations published as PDF. The files are written here, by hand, as word processors do it: lines, fonts, links."""

from __future__ import annotations

import json
import logging
import random
import time
from datetime import UTC, datetime
from io import BytesIO

import pytest
from click.testing import CliRunner
from pypdf import PdfReader, PdfWriter

from checks.model.capture import Capture, FailureKind, Role
from checks.parse.html import Page
from checks.parse.pdf import MAX_PAGES, pdf_page
from reports.cli import toise
from tests.pdf_files import assembled, pdf, strings

HOME = "<h2>Le bac</h2><p>Il traverse le fleuve toutes les vingt minutes, de six heures à minuit, et porte trente voitures.</p>"
LINK = '<a href="/declaration.pdf">Accessibilité : partiellement conforme</a>'
PDF = {"Content-Type": "application/pdf"}

FIRST = """Déclaration d’accessibilité : Bac à voile
Le Port de l’Embouchure s’engage à rendre son service accessible, conformément à
l’article 47 de la loi n° 2005-102 du 11 février 2005.
Cette déclaration s’applique à bac-a-voile.example.
1. ÉTAT DE CONFORMITÉ
Bac à voile est partiellement
conforme avec le référentiel général d’amélioration de l’accessibilité, en raison des non-
conformités énumérées ci-dessous.
1.1 Résultats des tests
L’audit, réalisé le 3 février 2026 par la société Balise, révèle que 71 % des
critères sont respectés.
"""
LAST = """Établissement de cette déclaration
Elle a été établie le 3 mars 2026.
Retour d’information et contact
Écrivez à l’adresse
quai@port.example
Voies de recours
•
Écrire au Défenseur des droits.
"""


SCHEMA = """Schéma pluriannuel d’accessibilité numérique 2025-2027
Le Port de l’Embouchure adopte ce schéma conformément à l’article 47 de la loi n° 2005-102 du 11 février 2005.
Toute personne peut aussi saisir le Défenseur des droits, par son formulaire ou par courrier, sans timbre.
"""


def encrypted(body: bytes, password: str) -> bytes:
    writer, out = PdfWriter(PdfReader(BytesIO(body))), BytesIO()
    writer.encrypt(user_password=password, owner_password="port", algorithm="AES-256")  # noqa: S106
    writer.write(out)
    return out.getvalue()


WHOLE = pdf(FIRST, LAST)


@pytest.fixture
def judged(judge, dress):
    """The verdict of a rule on a site whose declaration is this PDF."""

    def verdict(body, rule="accessibility-declaration", headers=PDF, found="link"):
        return judge(
            rule, dress["dsfr"](HOME, LINK), pages=[(found, "/declaration.pdf", {"headers": headers, "body": body})]
        )

    return verdict


def read(body: bytes) -> Page:
    """The page that a PDF is read as."""
    page = pdf_page(
        Capture(
            id="<urn:uuid:1>",
            service="bac-a-voile",
            number=1,
            role=Role.CANDIDATE,
            url="https://bac-a-voile.example/declaration.pdf",
            at=datetime(2026, 11, 23, tzinfo=UTC),
            status=200,
            headers=tuple(PDF.items()),
            body=body,
        )
    )
    assert page is not None
    return page


@pytest.mark.parametrize(
    "headers",
    [
        PDF,
        {"Content-Type": "application/pdf;charset=UTF-8"},
        {"Content-Type": "application/x-pdf"},
        {"Content-Type": "application/octet-stream"},
        {"Content-Type": "text/html"},
        {"Content-Type": None},
    ],
    ids=str,
)
def test_a_declaration_is_read_as_text_whatever_its_type(judged, headers):
    verdict = judged(WHOLE, headers=headers)

    assert (verdict.outcome, verdict.reason, verdict.warnings) == ("passed", "declaration-found", ("pdf",))
    assert verdict.facts == {"signs": ["title", "level", "law", "recourse", "state", "results"]}
    assert verdict.evidence[0].excerpt == "Déclaration d’accessibilité : Bac à voile"
    assert {one.locator for one in verdict.evidence} == {"page 1"}
    assert {one.url for one in verdict.evidence} == {"https://bac-a-voile.example/declaration.pdf"}


def test_lines_become_paragraphs_and_headings():
    page = read(WHOLE)

    assert [(block.element.name, block.text) for block in page.blocks] == [
        ("h1", "Déclaration d’accessibilité : Bac à voile"),
        (
            "p",
            "Le Port de l’Embouchure s’engage à rendre son service accessible, conformément à l’article 47 de la loi n° 2005-102 du 11 février 2005.",
        ),
        ("p", "Cette déclaration s’applique à bac-a-voile.example."),
        ("h2", "1. ÉTAT DE CONFORMITÉ"),
        (
            "p",
            "Bac à voile est partiellement conforme avec le référentiel général d’amélioration de l’accessibilité, en raison des non-conformités énumérées ci-dessous.",
        ),
        ("h2", "1.1 Résultats des tests"),
        (
            "p",
            "L’audit, réalisé le 3 février 2026 par la société Balise, révèle que 71 % des critères sont respectés.",
        ),
        ("h2", "Établissement de cette déclaration"),
        ("p", "Elle a été établie le 3 mars 2026."),
        ("h2", "Retour d’information et contact"),
        ("p", "Écrivez à l’adresse quai@port.example"),
        ("h2", "Voies de recours"),
        ("p", "• Écrire au Défenseur des droits."),
    ]
    assert page.evidence("", page.blocks[-1].element).locator == "page 2"


PROSE = "Le Port de l’Embouchure tient le bac et les quais de la ville.\n" * 4


@pytest.mark.parametrize(
    "lines,blocks",
    [
        # a line that the margin ended, whatever the next begins with
        (["Le rapport de l’audit est public, et la liste des pages lues le", "Port la tient."], 1),
        (["Le rapport de l’audit est public, et l’on y voit que les critères", "71 % sont tenus."], 1),
        # lines that their author ended
        (["HTML5", "SVG", "CSS"], 3),
        (["Le rapport est public.", "Il dit tout."], 2),
        (["Pages lues :", "Accueil", "Tarifs"], 3),
        # a list
        (["- l’accueil, où l’on choisit son passage et l’heure de la traversée", "- les tarifs"], 2),
        (["• l’accueil, où l’on choisit son passage et l’heure de la traversée", "• les tarifs"], 2),
        # a heading of the model never flows into what follows
        (["Contenus non accessibles", "et leurs raisons"], 2),
        (["Voie de recours", "en cas de silence"], 2),
        # a sentence that begins as a heading does
        (["Contenus non accessibles : la carte.", "Elle n’est qu’une image."], 2),
    ],
)
def test_where_a_paragraph_ends(lines, blocks):
    page = read(pdf("\n".join([*lines, PROSE])))

    assert len(page.blocks) == blocks + 4


def test_running_heads_and_page_numbers_are_left_out():
    page = read(pdf(*(f"Port de l’Embouchure\n{PROSE}\nPage {number} / 3" for number in (1, 2, 3))))

    assert [block.text for block in page.blocks] == ["Port de l’Embouchure", *PROSE.splitlines() * 3]


def test_a_link_is_the_text_it_covers():
    area = "<< /Type /Annot /Subtype /Link /Rect [58 763 300 777] /A << /S /URI /URI (https://bac-a-voile.example/schema?a=1&b=2) >> >>"
    page = read(pdf(f"Voir aussi\nle schéma pluriannuel\nde 2026\n{PROSE}", links=area))

    assert [(link.name, link.url) for link in page.links] == [
        ("le schéma pluriannuel", "https://bac-a-voile.example/schema?a=1&b=2")
    ]


def test_the_name_of_the_file_is_a_title(judged):
    assert read(pdf(PROSE, name="Déclaration d’accessibilité <2026>")).title == "Déclaration d’accessibilité <2026>"
    assert judged(pdf(PROSE + "\nSelon l’article 47.", name="Déclaration d’accessibilité")).outcome == "passed"


@pytest.mark.parametrize(
    "text,reason",
    [
        (PROSE + "\nHoraires du bac, été comme hiver", "not-a-declaration"),
        (FIRST.replace("Le Port de l’Embouchure", "[Nom de l’organisme]"), "placeholder"),
        (FIRST.replace("71 %", "XX %"), "placeholder"),
        (SCHEMA, "not-a-declaration"),
    ],
)
def test_a_text_that_was_read_and_found_wanting(judged, text, reason):
    verdict = judged(pdf(text))

    assert (verdict.outcome, verdict.reason) == ("failed", reason)


def loop_of_pages() -> bytes:
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 2 /Kids [3 0 R] >>",
            b"<< /Type /Pages /Parent 2 0 R /Count 1 /Kids [2 0 R] >>",
            b"<< >>",
        ]
    )


def deep_tree() -> bytes:
    levels = [f"<< /Type /Pages /Count 1 /Kids [{number + 1} 0 R] >>".encode() for number in range(5, 3000)]
    return assembled(
        [b"<< /Type /Catalog /Pages 5 0 R >>", b"<< >>", b"<< >>", b"<< >>", *levels, b"<< /Type /Page >>"]
    )


def form_in_form(width: int) -> bytes:
    """Forms that each draw the next ``width`` times: the laughs of a billion."""
    depth = 12
    forms = [
        f"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X {6 + rank} 0 R >> >> "
        f"/Length {6 * width} >>\nstream\n".encode()
        + b"/X Do " * width
        + b"\nendstream"
        for rank in range(depth)
    ]
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 18 0 R /Resources << /XObject << /X 6 0 R >> >> >>"
    )
    catalog = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        page,
        b"<< >>",
        b"<< >>",
    ]
    return assembled([*catalog, *forms, b"<< /Length 6 >>\nstream\n/X Do \nendstream"])


UNREADABLE = {
    "scanned": lambda: pdf(b"q 595 0 0 842 0 0 cm /Im1 Do Q"),
    "scanned, with a stamp": lambda: pdf("Signé le 3 mars 2026 par le directeur du Port de l’Embouchure"),
    "letters of another alphabet": lambda: pdf("'pFODUDWLRQ G DFFHVVLELOLWp " * 40),
    "encrypted": lambda: encrypted(WHOLE, password="voile"),  # noqa: S106
    "empty": lambda: b"%PDF-1.7",
    "not a PDF": lambda: b"<html>" + WHOLE[9:].replace(b"obj", b"ojb"),
    "truncated": lambda: WHOLE[: len(WHOLE) // 3],
    "bytes at random": lambda: b"%PDF-1.4\n" + random.Random(47).randbytes(200_000),  # noqa: S311
    "no pages": lambda: assembled([b"<< /Type /Catalog >>", b"<< >>", b"<< >>", b"<< >>"]),
    "loop of pages": loop_of_pages,
    "deep tree": deep_tree,
    "too long": lambda: pdf(*[PROSE] * (MAX_PAGES + 1)),
    "thousands of pages": lambda: pdf(*[PROSE] * 3000),
    "bomb": lambda: pdf(b" " * 300_000_000),
    "endless text": lambda: pdf(b"BT /F1 9 Tf " + b"(le bac et la ville de) Tj " * 100_000 + b"ET"),
    "nested arrays": lambda: pdf(b"BT " + b"[" * 500_000),
    "forms in forms": lambda: form_in_form(10),
    "a form of itself": lambda: form_in_form(1).replace(b"/X 17 0 R", b"/X 6 0 R "),
    "fonts by hundreds": lambda: pdf(PROSE, fonts=" ".join(f"/F{n} 3 0 R" for n in range(900))),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_is_said_to_be_unread(judged, caplog, capfd, kind):
    body = UNREADABLE[kind]()
    started = time.process_time()

    with caplog.at_level(logging.DEBUG):
        verdict = judged(body)

    assert (verdict.outcome, verdict.reason, verdict.warnings) == ("cantTell", "not-html", ("pdf",))
    assert time.process_time() - started < 10
    assert (caplog.text, *capfd.readouterr()) == ("", "", "")


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_file_never_breaks_the_judge(judged, seed):
    """Bytes changed, cut out or doubled at random places, in the file and in the text of its page."""
    chance = random.Random(seed)  # noqa: S311 - the same at each run
    page = bytearray(strings(FIRST))
    body = bytearray(WHOLE)
    for target in (page, body):
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(target))
            target[at : at + chance.randint(0, 9)] = chance.randbytes(chance.randint(0, 9))

    for damaged in (bytes(body), pdf(bytes(page))):
        assert judged(damaged).reason in {"declaration-found", "not-a-declaration", "not-html", "placeholder"}


def test_one_who_may_not_print_may_read(judged):
    assert judged(encrypted(WHOLE, password="")).outcome == "passed"


def test_the_first_declaration_that_is_read_wins_over_a_document_that_is_not(judge, dress):
    home = dress["dsfr"](HOME, LINK)
    scanned = {"headers": PDF, "body": UNREADABLE["scanned"]()}
    page = dress["dsfr"]("<h1>Déclaration d’accessibilité</h1><p>Le site est non conforme.</p>", "")

    both = [("link", "/declaration.pdf", scanned), ("conventional", "/accessibilite", page)]
    none = [("link", "/declaration.pdf", scanned), ("conventional", "/accessibilite", 404)]
    gone = [("link", "/declaration.pdf", FailureKind.TIMEOUT), ("link", "/d.pdf", {"headers": PDF, "body": WHOLE})]

    assert judge("accessibility-declaration", home, pages=both).reason == "declaration-found"
    assert judge("accessibility-declaration", home, pages=none).reason == "not-html"
    assert judge("accessibility-declaration", home, pages=gone).warnings == ("pdf",)


def test_other_documents_are_read_no_more_than_before(judge, dress, monkeypatch):
    monkeypatch.setattr("checks.parse.reading.pdf_page", lambda _: pytest.fail("read"))
    document = {"headers": PDF, "body": WHOLE}
    home = dress["dsfr"](HOME, '<a href="/b.pdf">Statistiques</a>')

    statistics = judge("statistics-page", home, pages=[("link", "/b.pdf", document)])

    assert "pdf" not in statistics.warnings


NAMES = [
    ("Accessibilité : partiellement conforme", "/declaration.pdf"),
    ("Déclaration d’accessibilité (PDF, 200 Ko)", "/uploads/2026/03/decl.pdf"),
    ("Télécharger la déclaration de conformité au format PDF", "/media/42"),
]


@pytest.mark.parametrize("through", ["the home page", "a page about accessibility"])
@pytest.mark.parametrize("name,path", NAMES)
def test_the_link_is_followed_from_saved_pages(tmp_path, dress, name, path, through):
    link = f'<a href="{path}">{name}</a>'
    list_of_documents = '<a href="/accessibilite">Accessibilité</a>'
    (tmp_path / "home.html").write_text(dress["dsfr"](HOME, link if through == "the home page" else list_of_documents))
    (tmp_path / "list.html").write_text(dress["dsfr"](f"<h1>Accessibilité</h1><p>Nos documents : {link}</p>", ""))
    (tmp_path / "decl.pdf").write_bytes(WHOLE)
    pages = {"/": "home.html", path: "decl.pdf"}
    if through != "the home page":
        pages["/accessibilite"] = "list.html"

    options = [part for at, file in pages.items() for part in ("--page", f"{at}={tmp_path / file}")]
    done = CliRunner().invoke(toise, ["check", "https://bac-a-voile.example", *options, "--format", "json"])
    verdicts = {line["rule"]: line for line in map(json.loads, done.stdout.splitlines())}

    assert done.exit_code == 0, done.output
    assert verdicts["accessibility-declaration"]["reason"] == "declaration-found"
    assert verdicts["accessibility-declaration"]["warnings"] == ["pdf"]
    assert verdicts["accessibility-declaration"]["evidence"][0]["locator"] == "page 1"
