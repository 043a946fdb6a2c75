from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from checks.parse.observatory.policies import (
    InvalidPolicyError,
    Policies,
    is_empty,
    is_empty_in_meta,
    merged,
    split_policies,
)
from checks.parse.observatory.scan import Scan

_BROAD = frozenset({"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"})
_UNSAFE = _BROAD | {"'unsafe-inline'", "data:"}
_TOKENS = ("'sha256-", "'sha384-", "'sha512-", "'nonce-")
_SCHEMES = tuple(_BROAD)
_INSECURE = ("http:", "ftp:")
_PASSIVE = ("img-src", "media-src")
_INLINE, _DYNAMIC = "'unsafe-inline'", "'strict-dynamic'"
_PASSED = {
    "csp-implemented-with-no-unsafe-default-src-none",
    "csp-implemented-with-no-unsafe",
    "csp-implemented-with-unsafe-inline-in-style-src-only",
    "csp-implemented-with-insecure-scheme-in-passive-content-only",
}


@dataclass(frozen=True, slots=True)
class CspOutcome:
    """``frames``: the merged policy, where there is one, has a ``frame-ancestors``, from wherever it comes."""

    result: str
    frames: bool = False


def csp_test(scan: Scan, metas: Sequence[str]) -> CspOutcome:
    """``metas``: the contents of the ``<meta http-equiv="Content-Security-Policy">`` of the page."""
    header = scan.header("content-security-policy")
    of_header = split_policies([] if header is None else [header])
    of_metas = split_policies(metas)
    try:
        policies = merged([*of_header, *of_metas])
    except InvalidPolicyError:
        return CspOutcome("csp-header-invalid")
    if is_empty(of_header) and is_empty_in_meta(of_metas):
        is_reporting = scan.header("content-security-policy-report-only")
        return CspOutcome("csp-not-implemented-but-reporting-enabled" if is_reporting else "csp-not-implemented")
    result = _result(policies, is_https=scan.is_https)
    if result in _PASSED and policies.is_repeating:
        result = "csp-implemented-but-duplicate-directives"
    return CspOutcome(result, "frame-ancestors" in policies.sources)


def _result(policies: Policies, *, is_https: bool) -> str:
    sources = {name: set(texts) for name, texts in policies.sources.items()}
    # The three share one set where they fall back to default-src: what is taken from one is taken from all.
    everything = sources.get("default-src", {"*"})
    scripts, styles, objects = (sources.get(f"{kind}-src", everything) for kind in ("script", "style", "object"))
    for tightened in (scripts, styles):
        if _has_token(tightened):
            tightened.discard(_INLINE)
    if _DYNAMIC in scripts:
        if not _has_token(scripts):
            return "csp-header-invalid"
        scripts -= {text for text in scripts if text.startswith(_SCHEMES) or text in {"'self'", _INLINE}}
    if scripts & _UNSAFE or objects & _BROAD:
        return "csp-implemented-with-unsafe-inline"
    return _of_schemes(sources, scripts, styles, is_https=is_https)


def _of_schemes(sources: Mapping[str, set[str]], scripts: set[str], styles: set[str], *, is_https: bool) -> str:
    active = [texts for name, texts in sources.items() if name not in _PASSIVE and name != "script-src"]
    if is_https and _has_insecure([*active, scripts]):
        return "csp-implemented-with-insecure-scheme"
    if "'unsafe-eval'" in scripts | styles:
        return "csp-implemented-with-unsafe-eval"
    passive = [sources.get(name, sources.get("default-src", set())) for name in _PASSIVE]
    if is_https and _has_insecure(passive):
        return "csp-implemented-with-insecure-scheme-in-passive-content-only"
    if styles & _UNSAFE:
        return "csp-implemented-with-unsafe-inline-in-style-src-only"
    is_none = sources.get("default-src") == {"'none'"}
    return "csp-implemented-with-no-unsafe" + ("-default-src-none" if is_none else "")


def _has_token(texts: Iterable[str]) -> bool:
    return any(text.startswith(_TOKENS) for text in texts)


def _has_insecure(lists: Iterable[Iterable[str]]) -> bool:
    return any(text.startswith(_INSECURE) for texts in lists for text in texts)
