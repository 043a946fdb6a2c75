"""``make parity``: how our scores compare with the Observatory's own, on cases that it has answered, and on real sites.

``CASES`` is a folder of recorded cases: ``cases-*`` with ``expected-*`` (NDJSON, or JSON lists; what the Observatory answers
to each), ``peer-cases.json`` (single tests) and ``hsts-preload*.json``. ``SITES`` is a file of real sites, one JSON object a
line: their headers, and the verdict of the day of an older version of the algorithm.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from checks.parse.observatory.policies import InvalidPolicyError, merged
from checks.parse.observatory.preload import Preload, bundled, preload_of
from checks.parse.observatory.recorded import scan_of
from checks.parse.observatory.results import RESULTS, Criterion, grade
from checks.parse.observatory.score import is_graded, score

Case = Mapping[str, Any]

OF_HEADERS = (Criterion.XCTO, Criterion.REFERRER, Criterion.XFO, Criterion.HSTS, Criterion.CSP)
"""The tests that headers alone can decide."""

CLASSES = (
    ("certificate", "the certificate, or https that did not answer, decided"),
    ("preload", "the preload list decided, and is of another day"),
    ("commas", "the algorithm splits policies at commas since then"),
    ("page", "a <meta> of the page decided"),
)


def main(args: Sequence[str]) -> int:
    cases, sites = (Path(arg) for arg in args)
    if not (cases.is_dir() and sites.is_file()):
        say(f"No recorded cases at {cases} and {sites}: give them, make parity CASES=FOLDER SITES=FILE.")
        return 2
    preload = preload_of(read(next(cases.glob("hsts-preload*")))[0])
    wrong = [parity(cases, path, preload) for path in sorted(cases.glob("cases-*"))]
    wrong += [peer_cases(read(cases / "peer-cases.json")[0])]
    return 1 if any(wrong) | real_sites(read(sites)) else 0


def read(path: Path) -> list[Any]:
    """The JSON values of a file: one a line, or those of a list, or the only one."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    if ".ndjson" in path.name or ".jsonl" in path.name:
        return [json.loads(line) for line in text.splitlines()]
    said = json.loads(text)
    return said if isinstance(said, list) else [said]


def parity(folder: Path, path: Path, preload: Preload) -> int:
    """How many cases differ, the reference's own crashes aside."""
    answers = {answer["id"]: answer for answer in read(folder / path.name.replace("cases", "expected"))}
    compared = [(case["id"], answers[case["id"]], answered(case, preload)) for case in read(path)]
    crashes = [name for name, theirs, ours in compared if theirs.get("error") and "score" in ours]
    wrong = [name for name, theirs, ours in compared if name not in crashes and not agrees(theirs, ours)]
    same = len(compared) - len(crashes) - len(wrong)
    say(
        f"{path.name}: {same} of {len(compared)} the same; {len(crashes)} that the Observatory gives up; {len(wrong)} differ"
    )
    for name in wrong[:10]:
        say(f"  {name}")
    return len(wrong)


def answered(case: Case, preload: Preload) -> dict[str, Any]:
    scan = scan_of(case)
    if not is_graded(scan.auto.status):
        return {"error": "status"}
    found = score(scan, preload)
    return {"score": found.score, "grade": found.grade, "tests": found.tests()}


def agrees(theirs: Case, ours: Case) -> bool:
    if "error" in theirs:
        return "error" in ours
    return all(ours.get(key) == theirs[key] for key in ("score", "grade", "tests"))


def peer_cases(said: Case) -> int:
    preload = preload_of(said["preload"])
    counts: Counter[str] = Counter()
    wrong = []
    for case in said["cases"]:
        verdict = peer_case(case, preload)
        if verdict is not None:
            counts[case["kind"]] += verdict
            wrong += [] if verdict else [case["id"]]
    kinds = ", ".join(f"{kind} {count}" for kind, count in counts.items())
    say(
        f"peer-cases.json: {counts.total()} of {counts.total() + len(wrong)} the same ({kinds}); {len(wrong)} differ {wrong[:10]}"
    )
    return len(wrong)


def peer_case(case: Case, preload: Preload) -> bool | None:
    """Whether a case of the Observatory's own tests agrees; ``None`` for one that grades nothing."""
    given, expected = case.get("input"), case["expected"]
    match case["kind"]:
        case "analyzer":
            said = score(scan_of(case["case"]), preload).tests()[case["analyzer"]]
            return all(said[key] == expected[key] for key in ("result", "pass"))
        case "scan":
            found = score(scan_of(case["case"]), preload)
            tests = all(found.results[Criterion(name)] == test["result"] for name, test in expected["tests"].items())
            return tests and (found.score, found.grade) == (expected["scan"]["score"], expected["scan"]["grade"])
        case "csp-parser":
            return parsed(given) == {
                key: set(value) for key, value in expected.items() if key[0] != "_" and key != "error"
            }
        case "grade":
            return grade(max(given, 0)) == expected["grade"]
        case "modifier":
            return any(given in results and results[given].modifier == expected for results in RESULTS.values())
    return None


def parsed(policies: Sequence[str]) -> dict[str, set[str]]:
    try:
        return {name: set(sources) for name, sources in merged(policies).sources.items()}
    except InvalidPolicyError:
        return {}


def real_sites(lines: Iterable[Case]) -> bool:
    """Whether any difference has no class."""
    sites = [site for site in lines if site.get("http_headers") and site.get("http_tests")]
    say(f"{len(sites)} real sites, by the tests that headers alone can decide:")
    totals: Counter[str] = Counter()
    for test in OF_HEADERS:
        found = Counter(kind for site in sites for kind in differences(site, test))
        totals += found
        said = ", ".join(f"{name} {count}" for name, count in found.most_common() if name != "same")
        say(f"  {test}: {found['same']} the same" + (f"; {said}" if said else ""))
    for name, words in (*CLASSES, ("unexplained", "no class")):
        say(f"  {name}: {totals[name]} ({words})")
    return totals["unexplained"] > 0


def differences(site: Case, test: Criterion) -> Iterator[str]:
    theirs = site["http_tests"][test]["result"]
    route = [{"url": url} for url in site["redirect_route"]] or None
    said = {"site": urlsplit(site["url"]).hostname, "status": site["http_status"], "headers": site["http_headers"]}
    ours = score(scan_of({**said, "redirects": route}), bundled).results[test]
    yield "same" if ours == theirs else difference(test, ours, theirs, site["http_headers"])


def difference(test: Criterion, ours: str, theirs: str, headers: Mapping[str, str]) -> str:
    if theirs in {"hsts-invalid-cert", "hsts-not-implemented-no-https"}:
        return "certificate"
    if "hsts-preloaded" in {ours, theirs}:
        return "preload"
    if test in {Criterion.CSP, Criterion.XFO} and "," in headers.get("content-security-policy", ""):
        return "commas"
    if test in {Criterion.CSP, Criterion.REFERRER}:
        return "page"
    return "unexplained"


def say(line: str) -> None:
    print(line)  # noqa: T201 - its output


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
