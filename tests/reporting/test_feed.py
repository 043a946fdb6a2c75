from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

import pytest
from lxml import etree

from checks.model.outcome import Outcome
from reports.render.feed import ATOM, Entry, Source, feed

NAMES = {"a": ATOM}
SOURCE = Source(updated="2026-11-23T07:00:00+01:00", site="dinum.html", own="dinum.atom")


def entry(**changes):
    about = {
        "run": "2026-11-23T0600Z",
        "updated": "2026-11-23T07:00:00+01:00",
        "service": "a-just",
        "name": "À-JUST",
        "rule": "https",
        "title": "Connexion HTTPS",
        "before": Outcome.PASSED,
        "after": Outcome.FAILED,
        "message": "Le site ne répond pas en https.",
        "page": "../services/a-just.html#https",
    }
    return Entry(**(about | changes))


def read(*entries, incubator="dinum", source=SOURCE):
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(feed(incubator, entries, source).encode("utf-8"), parser)


def check_rfc_4287(root):
    """What §4 of the RFC requires of a feed and of its entries, of the elements that ours have."""
    assert root.tag == f"{{{ATOM}}}feed"
    assert {one.tag.partition("}")[0] for one in root.iter()} == {f"{{{ATOM}"}
    for part in (root, *root.findall("a:entry", NAMES)):
        for name in ("id", "title", "updated"):  # §4.1.1, §4.1.2: exactly one of each
            (found,) = part.findall(f"a:{name}", NAMES)
            assert found.text.strip()
        assert urlsplit(part.findtext("a:id", namespaces=NAMES)).scheme == "urn"  # §4.2.6: an absolute IRI
        moment = part.findtext("a:updated", namespaces=NAMES)
        assert datetime.fromisoformat(moment).tzinfo  # §3.3: RFC 3339, an offset or an upper-case Z
        assert "T" in moment
        # §4.1.2: an entry without content has an alternate link; §4.1.1: at most one of each type and language
        assert len(part.findall("a:link[@rel='alternate']", NAMES)) == 1
        assert all(link.get("href") for link in part.findall("a:link", NAMES))
        assert all(one.get("term") for one in part.findall("a:category", NAMES))
        assert len(part.findall("a:summary", NAMES)) <= 1
    assert root.findtext("a:author/a:name", namespaces=NAMES)  # of the feed, so that entries need none
    ids = [one.text for one in root.iter(f"{{{ATOM}}}id")]
    assert len(set(ids)) == len(ids)


def test_a_feed_says_what_changed():
    root = read(entry(), entry(rule="hsts", title="HSTS", before=None, after=Outcome.CANT_TELL))
    check_rfc_4287(root)
    first, second = (one.findtext("a:title", namespaces=NAMES) for one in root.findall("a:entry", NAMES))
    assert first == "\u2068À-JUST\u2069 : Connexion HTTPS, Respecté → Non respecté"
    assert second.endswith("HSTS, Aucun verdict → Indéterminé")
    assert root.findtext("a:title", namespaces=NAMES) == "Toise, ce qui a changé : incubateur \u2068dinum\u2069"
    assert root.findtext("a:updated", namespaces=NAMES) == "2026-11-23T06:00:00Z"
    assert root.xpath("//a:entry[1]/a:link/@href", namespaces=NAMES) == ["../services/a-just.html#https"]
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"


def test_a_feed_without_changes_is_a_feed():
    check_rfc_4287(read())


def test_ids_say_what_an_entry_is_and_nothing_else():
    one, later = read(entry()), read(entry(name="Renommé", message="", page="ailleurs.html"))
    ids = ".//a:id/text()"
    assert one.xpath(ids, namespaces=NAMES) == later.xpath(ids, namespaces=NAMES)
    assert one.xpath("string(a:id)", namespaces=NAMES) == "urn:uuid:f983109f-5298-5247-aa34-198fb39ae79d"
    others = [
        read(entry(service="a-just\x00")),
        read(entry(rule="a-just", service="https")),
        read(entry(run="2026-12-23T0600Z")),
    ]
    entries = {tree.xpath("string(a:entry/a:id)", namespaces=NAMES) for tree in (one, *others)}
    assert len(entries) == 4


def test_a_run_without_a_time_has_no_feed():
    with pytest.raises(ValueError, match="hier"):
        feed("dinum", [], Source(updated="hier", site="", own=""))
