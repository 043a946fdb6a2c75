"""A run whose every foreign field holds hostile text, and the same run with harmless text in its place."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder
from checks.model.service import Event, Phase, Service
from checks.model.verdict import Verdict

RUN = "2026-11-23T0600Z"
SHORT = 1_000
"""Characters of a text that stands on every page."""
AT = "2026-11-23T06:02:11Z"
CAPTURE = "<urn:uuid:00000000-0000-4000-8000-%012d>"

HOSTILE: Mapping[str, str] = {
    "script": "<script>alert(1)</script>",
    "attribute": '"><img src=x onerror=alert(1)>',
    "attribute, single quote": "' onmouseover='alert(1)' x='",
    "attribute, no quote": "x onfocus=alert(1) autofocus",
    "title": "</title><script>alert(2)</script>",
    "textarea": "</textarea></pre></code><svg/onload=alert(3)>",
    "style": "</style><style>*{background:url(http://evil.invalid/)}</style>",
    "comment": "<!-- --!><iframe src=http://evil.invalid>",
    "conditional": "<![CDATA[ ]]><!--[if IE]>",
    "entity": "&lt;script&gt;&#x6A;avascript:&NewLine;&colon;&#0;&nbsp",
    "external entity": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>&b;',
    "template": "{{7*7}}{{ report.run.__class__ }}{% raw %}{# c #}${7*7}<%= 7*7 %>",
    "format": "%s %n {0.__class__} %(a)s \\g<0> \\1",
    "markdown": "[clic](javascript:alert(1)) ![x](http://evil.invalid/i.png) | a | b |\n|---|\n# titre\n> `x` ~~y~~ <b>",
    "rich": "[red]rouge[/red] [/] [link=http://evil.invalid]x[/link] :smile: [bold",
    "escapes": "\x1b[31;5mrouge\x1b[0m\x1b[2J\x1b]0;titre\x07\x1bP+q\x1b\\",
    "osc 8": "\x1b]8;;http://evil.invalid\x1b\\clic\x1b]8;;\x1b\\",
    "controls": "cloche\x07recul\x08\x0b\x0c\x7ffin\x00nul",
    "c1": "\x9b31mrouge\x9d0;titre\x9c\x85\x90",
    "overrides": "gouv\u202efr.live\u202c \u202d\u202a\u202b",
    "isolates": "a\u2066b\u2067c\u2068d\u2069 \u200e\u200f\u061c",
    "invisible": "gou\u200bv\u200c.\u200dfr\ufeff\u2060\u00ad",
    "joined": "👩🏽‍❤️‍💋‍👨🏼 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ✓️",
    "zalgo": "z" + "\u0310\u0335\u0361\u0489\u20dd" * 100 + "o",
    "marks alone": "\u0301" * 5_000,
    "surrogates": "moitié\ud83d et \udc00moitié",
    "non-characters": "a\ufffe\uffff\ufdd0\U0001fffe\ufff9b\ufffa",
    "right to left": "خدمة عامة رقمية (1) שלום",
    "long word": "mot" * 3_500,
    "long word of wide signs": "漢" * 3_000 + "﷽" * 500,
    "long lines": "un deux " * 1_000,
    "hyperlink": '=HYPERLINK("http://evil.invalid","ici")',
    "command": "=cmd|' /C calc'!A0",
    "plus": "+1+1",
    "minus": "-1+1",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "after spaces": "  \u00a0=1+1",
    "after a tab": "\t=1+1",
    "after a return": "\r=1+1",
    "after lines": "a\r\n=1+1\n@x",
    "full width": "＝1+1",
    "after a separator": "a;=1+1;b\t+2,-3",
    "after a quote": '"=1+1","@x";"=2"',
    "after nothing seen": "\u200b\ufeff=1+1",
    "scheme": "javascript:alert(1)",
    "scheme, mixed": " JaVa\tScRiPt:\nalert(1)//https://a.fr",
    "scheme, entity": "java&#115;cript&colon;alert(1)",
    "data": "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "view-source": "view-source:file:///etc/passwd",
    "credentials": "https://agent:secret@evil.invalid/",
    "a host in the credentials": "https://beta.gouv.fr@evil.invalid/",
    "backslash": "https://evil.invalid\\.gouv.fr/\\@a.fr",
    "address with quotes": "https://a.invalid/'onclick=alert(1)//?\"><script>alert(4)</script>",
    "address, encoded": "https://a.invalid/%3Cscript%3E%22%00%0d%0a%E2%80%AE?q=%2e%2e%2f&x=&lt;b&gt;'#%s",
    "address, long": "https://a.invalid/" + "x" * 10_000,
    "separators": "a\u2028b\u2029c\x1cd\x1de\x1ef",
    "return": "Erreur\rBravo\r\nErreur : tout va bien\n\n",
    "up": "../../../etc/passwd",
    "up, windows": "..\\..\\windows\\con.",
    "home": "~/.ssh/id_rsa; $(touch x) `touch y` | sh",
    "hidden": ".htaccess",
    "device": "NUL",
    "blank": " \t ",
}

_ADDRESSES = {"address, encoded", "address, long"}
"""Those to which a link may lead."""


def harmless(name: str) -> str:
    """What stands for a hostile text where nothing is to happen: a link where that may be one, a word elsewhere."""
    rank = list(HOSTILE).index(name)
    if not HOSTILE[name].strip():
        return " "
    return f"https://exemple.invalid/{rank}" if name in _ADDRESSES else f"mot {rank}"


def publisher_file(text_of: Callable[[str], str]) -> str:
    """What a publisher says of itself: the texts that its reader takes, each in its turn where a text is free."""
    said = [text_of(name) for name, text in HOSTILE.items() if text.strip() and text.isprintable() and len(text) < 400]
    texts = itertools.cycle(json.dumps(text, ensure_ascii=False) for text in said)
    tables = {
        "publisher": "name director address phone",
        "host": "name address phone",
        "data": "licence",
        "privacy": "logs",
    }
    lines = ['site = "https://toise.invalid/"']
    for table, keys in tables.items():
        lines += [f"[{table}]", *(f"{key} = {next(texts)}" for key in keys.split())]
        lines += ['email = "a@toise.invalid"'] if table == "publisher" else []
    listed = ", ".join(json.dumps(text, ensure_ascii=False) for text in said)
    lines += ["[accessibility]", "tested = 2026-11-20", 'level = "non"']
    lines += [f"{key} = [{listed}]" for key in ("tests", "pages", "not_accessible")]
    return "\n".join(lines)


def write_run(runs: Path, text_of: Callable[[str], str]) -> RunFolder:
    """One service for each hostile text, which ``text_of`` gives by its name."""
    texts = [text_of(name) for name in HOSTILE]
    few = [text_of(name) for name, text in HOSTILE.items() if len(text) < SHORT or name == "long word"]
    folder = RunFolder.create(runs, datetime(2026, 11, 23, 6, tzinfo=UTC))
    some = texts[0]
    folder.update(
        {
            "id": RUN,
            "versions": {"toise": some},
            "started_at": "2026-11-23T06:00:00Z",
            "as_of": "2026-11-23",
            "settings": {"phase_rule": "latest-start"},
            "registry": {
                "source": "|".join(few),
                "kind": some,
                "digest": some,
                "warnings": few,
                "incubators": dict(zip(texts, reversed(texts), strict=True)),
            },
            "ruleset": {"digest": some, "rules": {rule: {"version": 1, "status": "active"} for rule in _RULES}},
            "health": {"is_healthy": False, "reasons": few},
        }
    )
    folder.registry.write_text("{}", "utf-8")
    folder.write_services(service(text) for text in texts)
    with folder.verdicts.open("w", encoding="utf-8") as file:
        file.writelines(
            f"{line.to_line()}\n" for number, text in enumerate(texts) for line in verdicts(text, number, some)
        )
    said = [
        text_of(name)
        for name, text in HOSTILE.items()
        if text == text.strip() and text.isprintable() and len(text) < 100
    ]
    (folder.path / "overrides.toml").write_text("\n".join(map(_override, said)), "utf-8")
    return folder


def _override(text: str) -> str:
    """A correction: the texts that its reader takes, which are those where all is seen."""
    words = json.dumps(text, ensure_ascii=False)
    return f"""[[override]]
service = {words}
rule = "hsts"
outcome = "cantTell"
reason = {words}
author = {words}
evidence = "https://a.invalid/'onclick=alert(1)//?{{{{7*7}}}}"
until = 2026-12-01
"""


def service(text: str) -> Service:
    return Service(
        id=text,
        name=text,
        urls=(text, text),
        incubators=(text,),
        sponsors=(text,),
        phases=(Phase(name="construction", start="2020-01-01"),),
        events=(Event(name="national_impact", date="2025-02-01", comment=text), Event(name="fast", comment=text)),
        statistics_url=text,
        budget_url=text,
        repository=text,
        accessibility_status=text,
        warnings=(text, f"unknown-phase:{text}", f"registry-value-repaired:{text}"),
    )


_RULES = (
    "accessibility-mention", "accessibility-declaration-model", "statistics-page", "budget-page", "source-code", "hsts",
    "security-headers", "https",
)  # fmt: skip


def verdicts(text: str, number: int = 0, ruleset: str = "") -> Iterator[Verdict]:
    shown = Evidence(url=text, capture=CAPTURE % number, status=200, excerpt=text, locator=text)
    evidence = (shown, Evidence(url=text, capture=text, excerpt=f"a {text}", locator=f"header {text}"))
    facts = {"level": text, "auditor": text, "licence": text, "missing": [text], "contact_email": text, text: text}
    repository = {"repository": f"https://github.com/{text}", "forge": text}

    def verdict(rule: str, outcome: Outcome, reason: str, **more: object) -> Verdict:
        about: dict[str, object] = {
            "value": text,
            "warnings": (text,),
            "evidence": evidence,
            "facts": facts,
            "ruleset": ruleset,
        }
        said = {"run": RUN, "service": text, "rule": rule, "version": 1, "outcome": outcome, "reason": reason, "at": AT}
        return Verdict(**(said | about | more))

    yield verdict("accessibility-mention", Outcome.PASSED, "level-not", value="not")
    yield verdict("accessibility-declaration-model", Outcome.FAILED, "incomplete")
    yield verdict("statistics-page", Outcome.FAILED, "declared-broken")
    yield verdict("budget-page", Outcome.PASSED, "found-on-site", warnings=("declared-broken-but-found", text))
    yield verdict("source-code", Outcome.PASSED, "public", warnings=("not-in-registry",), facts=facts | repository)
    yield verdict("hsts", Outcome.FAILED, "absent", facts=facts | _mending(text))
    yield verdict("security-headers", Outcome.FAILED, text, facts=facts | _grading(text))
    yield verdict("https", Outcome.CANT_TELL, text, at=text)
    yield verdict(text, Outcome.CANT_TELL, text)


def _mending(text: str) -> Mapping[str, object]:
    return {"received": [text, text], "send": text, "remedies": {"nginx": f"{text}\nadd_header", text: text}}


def _grading(text: str) -> Mapping[str, object]:
    tests = {
        "cookies": {"result": text, "pass": False, "scoreModifier": -20},
        text: {"result": text, "pass": True, "scoreModifier": 5},
    }
    return {"score": 55, "algorithm": text, "preload": text, "tests": tests}


def beta_registry(texts: Mapping[str, str]) -> bytes:
    """A registry in the form of the API of beta.gouv.fr: ids are its own, every other field is hostile."""
    return json.dumps(
        {
            "version": "2.7",
            "data": [_entry(f"service-{number}", text) for number, text in enumerate(texts.values())],
            "included": [],
        }
    ).encode()


def _entry(id_: str, text: str) -> Mapping[str, object]:
    attributes = {
        "name": text,
        "link": text,
        "stats_url": text,
        "budget_url": text,
        "repository": text,
        "accessibility_status": text,
        "sponsors": [text],
        "phases": [{"name": text, "start": text}],
        "events": [{"name": text, "date": text, "comment": text}],
    }
    incubator = {"incubator": {"data": {"type": "incubator", "id": text}}}
    return {"type": "startup", "id": id_, "attributes": attributes, "relationships": incubator}
