"""The verdicts of a run in the words of the W3C's Evaluation and Report Language (EARL 1.0 Schema), as JSON-LD.

The context is inside: nothing is fetched to expand it. What others wrote is a literal; only an address that is one in every
sign (RFC 3987) is an IRI.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.rule import Rule
from checks.model.unseen import json_text
from checks.model.verdict import Verdict
from reports.overrides.override import Override
from reports.render.foreign import web_address
from reports.render.judged import message
from reports.render.names import archive_name
from reports.store.records import AuditedService, RunRecord

CONTEXT: Mapping[str, str] = {
    "earl": "http://www.w3.org/ns/earl#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "ptr": "http://www.w3.org/2009/pointers#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_IDS = uuid5(NAMESPACE_URL, "toise/earl")
"""The name space of our IRIs: the same data have the same ones, wherever they are published."""

_PRIVATE = r"\ue000-\uf8ff\U000f0000-\U0010ffff"
_HOST = rf"(?:\[[\dA-Fa-f:.]+\]|(?:[^\s/?#\[\]{{}}|^`%:@{_PRIVATE}]|%[\dA-Fa-f]{{2}})+)(?::\d*)?"
_PART = rf"(?:[^\s?#\[\]{{}}|^`%{_PRIVATE}]|%[\dA-Fa-f]{{2}})*"
_IRI = re.compile(rf"https?://{_HOST}(?:/{_PART})?(?:\?(?:{_PART}|\?)*)?(?:#(?:{_PART}|\?)*)?", re.IGNORECASE)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)

Node = dict[str, Any]


def earl_chunks(run: RunRecord, services: Iterable[AuditedService], rules: Mapping[str, Rule]) -> Iterator[str]:
    """One node a line: Toise, then each service with what was said of it; rules and people before they are first named."""
    yield f'{{"@context": {json_text(CONTEXT)},\n"@graph": [\n'
    for rank, node in enumerate(_once(_nodes(run, services, rules))):
        yield f"{',' if rank else ''}{json_text(node)}\n"
    yield "]}\n"


def _once(nodes: Iterable[Node]) -> Iterator[Node]:
    """Rules and people come with each of their assertions, and are few."""
    seen: set[str] = set()
    for node in nodes:
        if node["@type"] == "earl:TestCase" or "foaf:Person" in node["@type"]:
            if node["@id"] in seen:
                continue
            seen.add(node["@id"])
        yield node


def _nodes(run: RunRecord, services: Iterable[AuditedService], rules: Mapping[str, Rule]) -> Iterator[Node]:
    toise = _toise(run)
    yield toise
    for audited in services:
        subject = _subject(audited)
        yield subject
        for verdict in audited.verdicts:
            rule = rules.get(verdict.rule)
            test = _test(verdict.rule, verdict.version, rule)
            yield test
            id_ = _id("verdict", run.id, verdict.service, verdict.rule)
            yield _assertion(id_, "automatic", _result(verdict, rule), assertedBy=toise, subject=subject, test=test)
        for override in audited.overrides:
            yield from _correction(run, override, audited, subject, rules.get(override.rule))


def _correction(
    run: RunRecord, override: Override, audited: AuditedService, subject: Node, rule: Rule | None
) -> Iterator[Node]:
    judged = audited.verdict(override.rule) or rule
    test = _test(override.rule, judged.version if judged else 0, rule)
    person = {
        "@id": _id("person", override.author),
        "@type": ["earl:Assertor", "foaf:Person"],
        "foaf:name": override.author,
    }
    id_ = _id("override", run.id, override.service, override.rule)
    yield test
    yield person
    yield _assertion(id_, "manual", _found_by_hand(override), assertedBy=person, subject=subject, test=test)


def _toise(run: RunRecord) -> Node:
    versions = run.state.get("versions")
    version = str(versions.get("toise", "")) if isinstance(versions, Mapping) else ""
    return {
        "@id": _id("software", version),
        "@type": ["earl:Assertor", "earl:Software"],
        "dct:title": "Toise",
        **({"dct:hasVersion": version} if version else {}),
    }


def _subject(audited: AuditedService) -> Node:
    service = audited.service
    return {
        "@id": _id("service", service.id),
        "@type": "earl:TestSubject",
        "dct:identifier": service.id,
        "dct:title": service.name,
        **({"dct:source": [_address(url) for url in service.urls]} if service.urls else {}),
    }


def _test(id_: str, version: int, rule: Rule | None) -> Node:
    return {
        "@id": _id("rule", id_, str(version)),
        "@type": "earl:TestCase",
        "dct:identifier": id_,
        "dct:hasVersion": str(version),
        **({"dct:title": _french(rule.title)} if rule else {}),
    }


def _assertion(id_: str, mode: str, result: Node, **about: Node) -> Node:
    return {
        "@id": id_,
        "@type": "earl:Assertion",
        **{f"earl:{name}": {"@id": node["@id"]} for name, node in about.items()},
        "earl:mode": {"@id": f"earl:{mode}"},
        "earl:result": {"@type": "earl:TestResult", **result},
    }


def _result(verdict: Verdict, rule: Rule | None) -> Node:
    """The name of the reason is the title of the result, its sentence the description."""
    return {
        "earl:outcome": _outcome(verdict.outcome),
        "dct:title": str(verdict.reason),
        **({"dct:description": _french(message(rule, verdict.reason))} if rule else {}),
        "dct:date": _moment(verdict.at),
        **({"rdf:value": verdict.value} if verdict.value is not None else {}),
        **(
            {"earl:info": [rule.warning(name) if rule else name for name in verdict.warnings]}
            if verdict.warnings
            else {}
        ),
        **({"earl:pointer": [_pointer(evidence) for evidence in verdict.evidence]} if verdict.evidence else {}),
    }


def _found_by_hand(override: Override) -> Node:
    return {
        "earl:outcome": _outcome(override.outcome),
        "dct:description": override.reason,
        "dct:valid": {"@value": override.until.isoformat(), "@type": "xsd:date"},
        "earl:pointer": [{"@type": "ptr:Pointer", "ptr:reference": _address(override.evidence)}],
    }


def _pointer(evidence: Evidence) -> Node:
    """``dct:source`` is the record of the archive that holds the page."""
    record = evidence.capture.strip("<>")
    return {
        "@type": "ptr:ExpressionPointer" if evidence.locator else "ptr:Pointer",
        "ptr:reference": _address(evidence.url),
        **({"ptr:expression": evidence.locator} if evidence.locator else {}),
        **({"dct:description": evidence.excerpt} if evidence.excerpt else {}),
        **({"dct:source": {"@id": record} if archive_name(evidence.capture) else record} if record else {}),
    }


def _outcome(outcome: Outcome) -> Node:
    return {"@id": f"earl:{outcome.value}"}


def _address(url: str) -> Node | str:
    return {"@id": url} if web_address(url) and _IRI.fullmatch(url) else url


def _moment(at: str) -> Node | str:
    return {"@value": at, "@type": "xsd:dateTime"} if _MOMENT.fullmatch(at) else at


def _french(text: str) -> Node:
    return {"@value": text, "@language": "fr"}


def _id(*parts: str) -> str:
    # JSON tells where each part ends, and its ASCII form takes any text.
    return uuid5(_IDS, json.dumps(parts)).urn
