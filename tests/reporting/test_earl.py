from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from pyld import jsonld

from checks.catalogue import BY_ID
from checks.model.outcome import Outcome
from reports.overrides.override import Override
from reports.render.earl import earl_chunks
from tests.reporting.test_exports import BARE, RUN, VERDICT, audited

EARL, DCT, PTR = "http://www.w3.org/ns/earl#", "http://purl.org/dc/terms/", "http://www.w3.org/2009/pointers#"
OVERRIDE = Override(
    service="a-just",
    rule="accessibility-mention",
    outcome=Outcome.FAILED,
    reason="Le lien est mort.",
    author="Léa",
    evidence="https://a.invalid/preuve",
    until=date(2027, 5, 23),
)


def graph(*services, run=RUN):
    """The nodes that a JSON-LD processor finds, by their ids; no context is fetched (the network is closed)."""
    text = "".join(earl_chunks(run, services, BY_ID))
    return {node["@id"]: node for node in jsonld.flatten(json.loads(text))}


def of_type(nodes, name):
    return [node for node in nodes.values() if EARL + name in node.get("@type", ())]


def value(node, name):
    (found,) = node[name]
    return found.get("@id", found.get("@value"))


def follow(nodes, node, *names):
    for name in names:
        node = nodes[value(node, name)]
    return node


def test_a_verdict_is_one_assertion_by_toise():
    run = replace(RUN, state={"versions": {"toise": "0.1.0"}})
    nodes = graph(audited(VERDICT), run=run)
    (assertion,) = of_type(nodes, "Assertion")
    assert value(assertion, f"{EARL}mode") == f"{EARL}automatic"
    by = follow(nodes, assertion, f"{EARL}assertedBy")
    assert set(by["@type"]) == {f"{EARL}Assertor", f"{EARL}Software"}
    assert (value(by, f"{DCT}title"), value(by, f"{DCT}hasVersion")) == ("Toise", "0.1.0")
    subject = follow(nodes, assertion, f"{EARL}subject")
    assert subject["@type"] == [f"{EARL}TestSubject"]
    assert (value(subject, f"{DCT}identifier"), value(subject, f"{DCT}title")) == ("a-just", "À-JUST")
    test = follow(nodes, assertion, f"{EARL}test")
    assert test["@type"] == [f"{EARL}TestCase"]
    assert test[f"{DCT}title"] == [{"@value": "Mention d'accessibilité", "@language": "fr"}]
    assert (value(test, f"{DCT}identifier"), value(test, f"{DCT}hasVersion")) == ("accessibility-mention", "1")


def test_a_result_says_what_was_found_and_where():
    nodes = graph(audited(VERDICT))
    (result,) = of_type(nodes, "TestResult")
    assert value(result, f"{EARL}outcome") == f"{EARL}passed"
    assert value(result, f"{DCT}title") == "level-not"
    assert value(result, f"{DCT}description") == "La page d'accueil affiche « non conforme »."
    at = {"@value": "2026-11-23T06:02:11Z", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}
    assert result[f"{DCT}date"] == [at]
    assert len(result[f"{EARL}info"]) == 2
    pointers = [nodes[one["@id"]] for one in result[f"{EARL}pointer"]]
    first = next(one for one in pointers if f"{PTR}expression" in one)
    assert first["@type"] == [f"{PTR}ExpressionPointer"]
    assert first[f"{PTR}reference"] == [{"@id": "https://a-just.beta.gouv.fr/"}]
    assert value(first, f"{PTR}expression") == "footer a[3]"
    assert value(first, f"{DCT}description") == "Accessibilité : non conforme"
    assert first[f"{DCT}source"] == [{"@value": "urn:uuid:1"}], "no record id"
    assert len(pointers) == 2


@pytest.mark.parametrize("outcome", Outcome)
def test_outcomes_are_those_of_the_vocabulary(outcome):
    nodes = graph(audited(replace(VERDICT, outcome=outcome)))
    assert value(of_type(nodes, "TestResult")[0], f"{EARL}outcome") == EARL + outcome.value


def test_what_a_person_found_is_a_second_assertion():
    nodes = graph(replace(audited(VERDICT), overrides=(OVERRIDE,)))
    machine, person = sorted(of_type(nodes, "Assertion"), key=lambda node: value(node, f"{EARL}mode"))
    assert value(person, f"{EARL}mode") == f"{EARL}manual"
    for same in ("subject", "test"):
        assert value(person, EARL + same) == value(machine, EARL + same)
    by = follow(nodes, person, f"{EARL}assertedBy")
    assert set(by["@type"]) == {f"{EARL}Assertor", "http://xmlns.com/foaf/0.1/Person"}
    assert value(by, "http://xmlns.com/foaf/0.1/name") == "Léa"
    found = follow(nodes, person, f"{EARL}result")
    assert value(found, f"{EARL}outcome") == f"{EARL}failed"
    assert value(found, f"{DCT}description") == "Le lien est mort."
    assert value(found, f"{DCT}valid") == "2027-05-23"
    assert value(follow(nodes, found, f"{EARL}pointer"), f"{PTR}reference") == "https://a.invalid/preuve"
    assert value(follow(nodes, machine, f"{EARL}result"), f"{EARL}outcome") == f"{EARL}passed"


def test_each_service_rule_and_person_is_one_node():
    verdicts = [replace(VERDICT, service=id_, rule=rule) for id_ in ("a", "b") for rule in ("hsts", "https")]
    services = [
        replace(
            audited(*(verdict for verdict in verdicts if verdict.service == id_)),
            service=replace(audited().service, id=id_),
            overrides=tuple(replace(OVERRIDE, service=id_, rule=rule) for rule in ("hsts", "legal-notice")),
        )
        for id_ in ("a", "b")
    ]
    text = "".join(earl_chunks(RUN, services, BY_ID))
    ids = [node["@id"] for node in json.loads(text)["@graph"]]
    assert len(ids) == len(set(ids))
    nodes = graph(*services)
    kinds = {kind: len(of_type(nodes, kind)) for kind in ("Assertion", "TestSubject", "TestCase", "Assertor")}
    assert kinds == {"Assertion": 8, "TestSubject": 2, "TestCase": 3, "Assertor": 2}, "one rule was only judged by hand"


def test_a_rule_that_is_no_more_and_an_empty_run_can_be_told():
    nodes = graph(audited(BARE))
    (test,) = of_type(nodes, "TestCase")
    assert f"{DCT}title" not in test
    assert of_type(nodes, "TestResult")[0][f"{DCT}date"] == [{"@value": "2026"}]
    assert next(iter(graph().values()))["@type"] == [f"{EARL}Assertor", f"{EARL}Software"]


@pytest.mark.parametrize(
    "url",
    [
        "https://a.gouv.fr",
        "https://a.gouv.fr:8443/b/c;d=1?e=f&g[h]#i".replace("[h]", ""),
        "http://[::1]/é?ü#à",
        "https://été.fr/%C3%A9",
    ],
)
def test_an_address_is_an_iri(url):
    nodes = graph(replace(audited(), service=replace(audited().service, urls=(url,))))
    assert of_type(nodes, "TestSubject")[0][f"{DCT}source"] == [{"@id": url}]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "/stats",
        "mailto:a@b.fr",
        "https://a.fr@b.fr/",
        "https://a.fr/{b}",
        "https://a.fr/[b]",
        "https://a.fr/%s",
        "https://a.fr/b|c",
        "https://a.fr/^`",
        "https://a.fr/#b#c",
        "https://a.fr:port/",
        "https://a.fr/\ue000",
        "https://a\ue000.fr/",
        "https://a.fr/\U000f0000",
        "https://a.fr/b c",
        "https://a.fr/<b>",
        'https://a.fr/"b',
        "https://a.fr\\b",
        "https://a.fr/\u202eb",
        "urn:uuid:1",
        "_:b0",
        "@id",
        "earl:failed",
        "",
    ],
)
def test_what_is_no_address_is_a_literal(url):
    nodes = graph(replace(audited(), service=replace(audited().service, urls=(url,))))
    assert of_type(nodes, "TestSubject")[0][f"{DCT}source"] == [{"@value": url}]
