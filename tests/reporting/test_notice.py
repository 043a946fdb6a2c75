"""What an incubator reads of its services."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from markdown_it import MarkdownIt

from checks.catalogue import BY_ID
from checks.model.outcome import Outcome
from checks.model.service import PhaseGroup
from reports.figures.news import Kind, News, Origin, Passage, Shift, Side
from reports.overrides.override import Override
from reports.render.addresses import Addresses
from reports.render.notice import LENGTH, Edition, notice
from reports.render.pens import Markdown, Plain
from reports.render.since import mending
from reports.store.records import RunRecord

RULES = {"https": "active", "statistics-page": "active", "legal-notice": "evaluation"}
SITE = Addresses(
    base="https://toise.example.org/", services={"un": "un", "a/b": "a%2Fb"}, incubators={"dinum": "dinum"}
)


def run(name: str, day: str) -> RunRecord:
    rules = {rule: {"version": 1, "status": status} for rule, status in RULES.items()}
    return RunRecord(
        id=name, started_at=f"{day}T06:00:00+00:00", as_of=day, registry_digest="", ruleset="",
        state={"ruleset": {"rules": rules}},
    )  # fmt: skip


def edition(addresses: Addresses = SITE) -> Edition:
    return Edition(old=run("old", "2026-11-01"), new=run("new", "2026-11-23"), rules=BY_ID, addresses=addresses)


def shift(kind: str, rule: str = "https", origins: str = "site", before: str = "", reason: str = "", **more) -> Shift:
    sides = {"worse": "passed failed", "better": "failed passed", "decided": "cantTell failed", "undecided": "passed cantTell",
             "dropped": "passed inapplicable"}[kind].split()  # fmt: skip
    reasons = {
        "failed": "no-redirect",
        "passed": "redirects-to-https",
        "cantTell": "unreachable",
        "inapplicable": "phase",
    }
    one, two = (Outcome(side) for side in (before or sides[0], sides[1]))
    return Shift(
        rule=rule,
        kind=Kind(kind),
        before=Side(outcome=one, found=one, reason="x"),
        after=Side(**({"outcome": two, "found": two, "reason": reason or reasons[two.value]} | more)),
        origins=tuple(map(Origin, origins.split())),
    )


def news(*shifts: Shift, **more) -> News:
    about = {"service": "un", "name": "Un", "incubators": ("dinum",), "group": PhaseGroup.CONSTRUCTION}
    return News(**(about | {"shifts": shifts} | more))


def written(*some: News, addresses: Addresses = SITE):
    return notice("dinum", some, edition(addresses))


def plain(*some: News, **more) -> str:
    return written(*some, **more).text.replace("\N{NO-BREAK SPACE}", " ")


def test_what_fell_is_said_with_its_place_and_how_to_mend_it():
    text = plain(news(shift("worse")))

    assert text == (
        "Audit du 23 novembre 2026, comparé à celui du 1er novembre 2026.\n\n"
        "À CORRIGER\n\n"
        "Un\nhttps://toise.example.org/services/un.html\n"
        f"  - Connexion chiffrée (https) : {BY_ID['https'].messages['no-redirect']}\n"
        "    Pour corriger : Faites répondre au port 80 une seule chose : 301 vers la même adresse en https.\n\n"
        "Toutes les fiches de l'incubateur\nhttps://toise.example.org/incubators/dinum.html\n"
    )
    subject = written(news(shift("worse")), news(shift("better"), shift("better"))).subject
    assert subject.replace("\N{NO-BREAK SPACE}", " ") == (
        "Toise, 23 novembre 2026 : 1 point à corriger, 2 points qui vont mieux, incubateur dinum"
    )


def test_who_mends_is_thanked():
    text = plain(news(shift("better")))

    assert "CE QUI VA MIEUX, MERCI !" in text
    assert BY_ID["https"].messages["redirects-to-https"] in text
    assert "corriger" not in text.lower()


def test_without_the_address_of_the_site_there_is_no_link():
    one = written(news(shift("worse")), addresses=Addresses())

    assert "://" not in one.text
    assert "](" not in one.markdown


@pytest.mark.parametrize("origins", ["rule", "unknown", "rule site", "person", "site unknown"])
@pytest.mark.parametrize("kind", ["worse", "better", "decided", "undecided"])
def test_what_may_be_our_doing_is_never_laid_at_their_door(kind: str, origins: str):
    one = written(news(shift(kind, origins=origins)))

    text = one.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "AUTRES CHANGEMENTS, QUI NE DISENT PAS QUE VOS SITES ONT CHANGÉ" in text
    assert "À CORRIGER" not in text
    assert "Pour corriger" not in text
    assert "MERCI" not in text
    assert "du nouveau" in one.subject
    known = {"rule": "nos règles ont changé", "unknown": "cause inconnue", "person": "une correction"}
    assert any(known[origin] in text for origin in origins.split() if origin in known)


def test_what_the_registry_did_is_theirs_and_said_to_be_so():
    text = plain(news(shift("worse", origins="registry")))

    assert "À CORRIGER" in text
    assert "(la fiche du registre a changé)" in text


def test_what_could_not_be_told_before_is_no_fall():
    assert "(jusqu'ici indéterminé)" in plain(news(shift("decided")))


def test_what_cannot_be_told_is_no_fault_and_one_obstacle_is_said_once():
    hidden = [shift("undecided", rule=rule) for rule in ("https", "hsts", "cookies", "statistics-page")]

    text = plain(news(*hidden))

    assert "CE QUE NOUS N'AVONS PAS PU JUGER CETTE FOIS, ET QUI N'EST DONC PAS UN MANQUEMENT" in text
    assert text.count("Le site n'a pas répondu") == 1
    assert "4 règles : " in text
    assert plain(news(*hidden[:2])).count("Le site n'a pas répondu") == 2


def test_who_comes_and_who_goes():
    text = plain(
        news(passage=Passage.ENTERED, failed=("https", "legal-notice")),
        news(service="deux", name="Deux", passage=Passage.LEFT),
    )

    assert "SERVICES SUIVIS DÉSORMAIS\n\nUn\nhttps://toise.example.org/services/un.html\n  - 1 point à corriger" in text
    assert "SERVICES QUI NE SONT PLUS SUIVIS\n\nDeux" in text


@pytest.mark.parametrize(
    "some",
    [
        (),
        (news(shift("worse", rule="legal-notice")),),
        (news(shift("worse"), group=PhaseGroup.STOPPED),),
        (news(passage=Passage.LEFT, group=PhaseGroup.STOPPED),),
        (news(),),
    ],
    ids=[
        "nothing",
        "a rule on trial",
        "a stopped service",
        "a service that stops",
        "a correction that changes nothing",
    ],
)
def test_nothing_is_said_of_what_does_not_count(some):
    assert written(*some) is None


def test_a_correction_is_quoted_where_the_site_changed_too():
    vouched = Override(
        service="un", rule="https", outcome=Outcome.FAILED, reason="Vu @all.", author="A. <b>", evidence="https://a.fr/",
        until=date(2027, 1, 1),
    )  # fmt: skip
    one = written(news(shift("worse", origins="registry", found=Outcome.PASSED, override=vouched)))

    assert "Correction de A. <b> : Vu ＠all." in one.text
    assert "Correction de A. &lt;b&gt; : Vu ＠all." in one.markdown


@pytest.mark.parametrize("pen", ["text", "markdown"])
def test_a_message_has_an_end(pen: str):
    many = [news(shift("worse"), shift("undecided"), service=f"s{n}", name=f"Service {n}") for n in range(200)]

    text = getattr(written(*many), pen).replace("\N{NO-BREAK SPACE}", " ")

    assert LENGTH * 0.8 < len(text) <= LENGTH
    shown = text.count("Le site redirige") + text.count(BY_ID["https"].messages["no-redirect"])
    assert f"… et {400 - shown} autres, que cette liste ne contient pas." in text
    assert "incubators/dinum.html" in text


def test_a_digest_is_that_of_the_facts_and_not_of_the_words():
    one = written(news(shift("worse")))

    assert written(news(shift("worse"), name="Renommé"), addresses=Addresses()).digest == one.digest
    assert written(news(shift("worse", origins="rule"))).digest == one.digest
    others = [news(shift("better")), news(shift("worse", rule="hsts")), news(shift("worse"), service="deux")]
    assert len({one.digest, *(written(other).digest for other in others)}) == 4


def test_a_rule_that_is_no_more_is_named():
    gone = replace(shift("dropped", origins="rule"), rule="vieille-regle")

    assert "vieille-regle : respecté → sans objet (nos règles ont changé)." in plain(news(gone))


def test_addresses_are_those_of_the_site():
    assert SITE.service("a/b", "https") == "https://toise.example.org/services/a%252Fb.html#https"
    assert SITE.service("inconnu") == SITE.incubator("inconnu") == Addresses().service("un") == ""


def test_every_rule_says_in_a_line_how_to_mend():
    for rule in BY_ID.values():
        line = Plain().spans(mending(rule.page))
        assert 20 < len(line) < 300, rule.id
        assert "\n" not in line


MENTIONS = ["@all", "@channel", "@here", "@room", "@jean.dupont", "@jean:matrix.org", "a@all", "<@U123>", "＠@all"]


@pytest.mark.parametrize("text", MENTIONS)
def test_nobody_is_called(text: str):
    for pen in (Plain(), Markdown()):
        assert "@" not in pen.theirs(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.invalid/x",
        "HTTP://evil.invalid",
        "www.evil.invalid",
        "matrix.to https://matrix.to/#/@a:b",
        "x://y",
    ],
)
def test_no_address_becomes_a_link(text: str):
    for pen in (Plain(), Markdown()):
        assert "://" not in pen.theirs(text).replace(":// ", "")
        assert "www.e" not in pen.theirs(text).lower()
    tokens = MarkdownIt("commonmark", {"linkify": False}).parse(f"- x {Markdown().theirs(text)}")
    assert not [child for token in tokens for child in token.children or () if child.type == "link_open"]


@pytest.mark.parametrize(
    "text",
    ["*a* _b_ `c` ~~d~~", "[x](y)", "![x](y)", "# a", "a | b", "$x$", ":smile:", "<b>x</b>", "&lt;", "\\*", "{{x}}"],
)
def test_no_sign_of_others_formats(text: str):
    (inline,) = [token for token in MarkdownIt("commonmark").parse(f"- x {Markdown().theirs(text)}") if token.children]
    assert {child.type for child in inline.children} <= {"text", "text_special"}
    assert "".join(child.content for child in inline.children) == f"x {text}"
