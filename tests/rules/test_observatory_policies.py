"""Content-Security-Policy as the Observatory reads and scores it."""

from __future__ import annotations

from functools import cmp_to_key

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.parse.observatory.collation import collation_key
from checks.parse.observatory.csp import csp_test
from checks.parse.observatory.javascript import unescaped, whole_number, words
from checks.parse.observatory.policies import MOST_COMPARISONS, InvalidPolicyError, merged, split_policies
from checks.parse.observatory.recorded import scan_of
from checks.parse.observatory.results import RESULTS, Criterion

SELF = "default-src 'self'"

# The policies of the header (a list: several headers), and the result.
ROWS = [
    (None, "not-implemented"),
    ("", "header-invalid"),
    ("img-s", "header-invalid"),
    (";  ;  ; ;", "not-implemented"),
    ("img-sr", "implemented-with-unsafe-inline"),
    (f"{SELF},", "header-invalid"),
    (f"{SELF}; script-src https://a.fr/x?y=1,2", "header-invalid"),
    (f"{SELF}; img-src a.fr; {SELF}", "header-invalid"),
    (f"{SELF}; Img-Src a.fr; img-src b.fr", "header-invalid"),
    ("upgrade-insecure-requests", "implemented-with-unsafe-inline"),
    ("frame-ancestors 'none'", "implemented-with-unsafe-inline"),
    ("script-src 'self'", "implemented-with-unsafe-inline"),  # objects come from anywhere
    ("script-src 'self'; object-src 'none'", "implemented-with-unsafe-inline-in-style-src-only"),
    (SELF, "implemented-with-no-unsafe"),
    (f"{SELF}; script-src 'self' data:", "implemented-with-unsafe-inline"),
    (f"{SELF}; script-src https://*", "implemented-with-unsafe-inline"),
    (f"{SELF}; script-src https://*:443", "implemented-with-no-unsafe"),
    (f"{SELF}; object-src *", "implemented-with-unsafe-inline"),
    (f"{SELF}; object-src data:", "implemented-with-no-unsafe"),
    (f"{SELF}; script-src-elem 'unsafe-inline'", "implemented-with-no-unsafe"),
    (f"{SELF}; style-src 'unsafe-inline'", "implemented-with-unsafe-inline-in-style-src-only"),
    (f"{SELF}; style-src 'unsafe-inline' 'nonce-YQ'", "implemented-with-no-unsafe"),
    (f"{SELF}; script-src 'unsafe-inline' 'SHA256-abc'", "implemented-with-no-unsafe"),
    (f"{SELF}; script-src 'strict-dynamic'", "header-invalid"),
    (f"{SELF}; script-src 'strict-dynamic' 'nonce-a' 'unsafe-inline' https: http: *", "implemented-with-no-unsafe"),
    (f"{SELF}; script-src 'strict-dynamic' 'nonce-a' data:", "implemented-with-unsafe-inline"),
    # one list for the three that fall back to it: what makes scripts safe makes objects safe
    ("default-src 'strict-dynamic' 'nonce-a' https:", "implemented-with-no-unsafe"),
    ("default-src 'nonce-a' https:", "implemented-with-unsafe-inline"),
    (f"{SELF}; script-src 'unsafe-eval'", "implemented-with-unsafe-eval"),
    (f"{SELF}; style-src 'unsafe-eval'", "implemented-with-unsafe-eval"),
    (f"{SELF}; script-src 'wasm-unsafe-eval'", "implemented-with-no-unsafe"),
    (f"{SELF}; font-src http://a.fr", "implemented-with-insecure-scheme"),
    (f"{SELF}; report-uri http://a.fr/csp", "implemented-with-insecure-scheme"),
    (f"{SELF}; script-src 'self' ftp://a.fr", "implemented-with-insecure-scheme"),
    (f"{SELF}; img-src http:", "implemented-with-insecure-scheme-in-passive-content-only"),
    (f"{SELF}; media-src http://a.fr", "implemented-with-insecure-scheme-in-passive-content-only"),
    ("default-src 'none'", "implemented-with-no-unsafe-default-src-none"),
    ("default-src", "implemented-with-no-unsafe-default-src-none"),
    ("default-src 'none' 'self'", "implemented-with-no-unsafe"),
    ("default-src 'none'; report-uri /a; report-uri /b", "implemented-but-duplicate-directives"),
    ("default-src 'none'; img-src http:; report-to a; report-to b", "implemented-but-duplicate-directives"),
    (f"{SELF}; script-src 'unsafe-eval'; report-uri /a; report-uri /b", "implemented-with-unsafe-eval"),
    # several policies
    ([SELF, "default-src 'none'"], "implemented-with-no-unsafe-default-src-none"),
    (f"{SELF}, script-src https:", "implemented-with-no-unsafe"),  # of a later policy alone: none
    (f"script-src https:, {SELF}", "implemented-with-unsafe-inline"),  # and default-src is none
    ("default-src https://a.fr/%zz, default-src https://a.fr/%zz", "header-invalid"),
    ("default-src https://a.fr/%zz", "implemented-with-no-unsafe"),
]  # fmt: skip


def outcome(header, metas=(), scheme="https", **more):
    headers = {"content-type": "text/html", **more, **({} if header is None else {"content-security-policy": header})}
    return csp_test(scan_of({"headers": headers, "scheme": scheme}), metas)


@pytest.mark.parametrize("header,code", ROWS)
def test_the_header(header, code):
    assert outcome(header).result == f"csp-{code}"


@pytest.mark.parametrize(
    "metas,code,frames",
    [
        ([SELF], "implemented-with-no-unsafe", False),
        ([SELF, "default-src 'none'"], "implemented-with-no-unsafe-default-src-none", False),
        ([f"{SELF}; frame-ancestors *"], "implemented-with-no-unsafe", True),
        (["frame-ancestors 'none'"], "not-implemented", False),
        (["report-uri /a; sandbox"], "not-implemented", False),
        (["x"], "header-invalid", False),
    ],
)
def test_metas(metas, code, frames):
    found = outcome(None, metas)

    assert (found.result, found.frames) == (f"csp-{code}", frames)


def test_a_page_over_http_may_name_insecure_sources():
    assert outcome(f"{SELF}; img-src http:; font-src http:", scheme="http").result == "csp-implemented-with-no-unsafe"


def test_reports_alone():
    reporting = {"content-security-policy-report-only": SELF}

    assert outcome(None, **reporting).result == "csp-not-implemented-but-reporting-enabled"
    assert outcome(None, ["sandbox"], **reporting).result == "csp-not-implemented-but-reporting-enabled"
    assert outcome(None, **{"content-security-policy-report-only": ""}).result == "csp-not-implemented"


def test_every_result_has_a_row():
    codes = {f"csp-{code}" for _, code in ROWS} | {"csp-not-implemented-but-reporting-enabled"}

    assert codes == set(RESULTS[Criterion.CSP])


MERGED = [
    (["img-src b.fr a.fr A.FR"], {"img-src": ("a.fr", "b.fr")}),
    (["img-src"], {"img-src": ("'none'",)}),
    (["sandbox; x-y a"], {"sandbox": ("'none'",), "x-y": ("a",)}),
    (["img-src https: https://a.fr"], {"img-src": ("https:",)}),
    (["img-src https://a.fr https://a.frivole.fr"], {"img-src": ("https://a.fr",)}),
    (["img-src 'self' a.fr", "img-src a.fr b.fr"], {"img-src": ("a.fr",)}),
    (["img-src a.fr", "img-src b.fr"], {"img-src": ("'none'",)}),
    (["img-src a.fr/x/", "img-src a.fr/x/y"], {"img-src": ("a.fr/x/y",)}),
    (["img-src a.fr/x", "img-src a.fr/x/y"], {"img-src": ("'none'",)}),
    (["img-src a.fr/%C3%A9", "img-src a.fr/%c3%a9"], {"img-src": ("a.fr/%c3%a9",)}),
    (["img-src a.fr", "font-src a.fr"], {"img-src": ("a.fr",), "font-src": ("'none'",)}),
    (["img-src a.fr b.fr", "img-src a.fr b.fr", "img-src a.fr"], {"img-src": ("a.fr", "b.fr")}),
    (["report-uri /a; report-uri /b"], {"report-uri": ("/b",)}),
    ([], {}),
    ([";;;;;; ;"], {}),
]


@pytest.mark.parametrize("policies,sources", MERGED)
def test_policies_that_meet(policies, sources):
    assert merged(policies).sources == sources


@pytest.mark.parametrize("policy", ["", "     ", "\r\n\r\n\r\n\r\n", "a 'b'", "img-src a; IMG-SRC b", "img-src a, b"])
def test_what_is_no_policy(policy):
    with pytest.raises(InvalidPolicyError):
        merged(split_policies([policy] * 2) if "," in policy else [policy])


def plainly_merged(policies):
    """The same by the letter: every policy meets all the sources that are left, compared one by one."""
    found = {}
    for rank, policy in enumerate(policies):
        for directive, *texts in (entry.split() for entry in policy.split(";")):
            sources = [*(found.get(directive, []) if rank else []), *([text, rank, rank == 0] for text in texts)]
            sources.sort(key=cmp_to_key(lambda one, two: compared(one[0], two[0])))
            for index in range(1, len(sources)):
                (before, of_before, _), (text, of_text, _) = sources[index - 1], sources[index]
                if of_before == of_text and text.startswith(before):
                    sources[index][2] = False
                if of_before != of_text and covers(before, text):
                    sources[index][2] = True
            found[directive] = [source for source in sources if source[2]]
            for source in found[directive]:
                source[2] = source[2] and (rank > 0 or len(policies) == 1)
    return {name: {source[0] for source in sources} or {"'none'"} for name, sources in found.items()}


def compared(one, two):
    order = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz"
    ranks = [[order.index(char) for char in text] for text in (one, two)]
    return (ranks[0] > ranks[1]) - (ranks[0] < ranks[1])


def covers(path, other):
    parts, others = path.split("/"), other.split("/")
    if path.endswith("/"):
        return parts[:-1] == others[: len(parts) - 1] and len(parts) <= len(others)
    return parts == others


SOURCES = st.sampled_from(
    ["a.fr", "a.fr/", "a.fr/b", "a.fr/b/", "a.frais", "*.a.fr", "*", "https:", "https://a.fr", "'self'", "b"]
)
POLICIES = st.lists(
    st.dictionaries(
        st.sampled_from(["img-src", "font-src", "connect-src"]), st.lists(SOURCES, min_size=1, max_size=4), min_size=1
    ),
    min_size=1,
    max_size=4,
)


@given(POLICIES)
def test_merging_is_what_its_description_says(said):
    policies = ["; ".join(f"{name} {' '.join(sources)}" for name, sources in policy.items()) for policy in said]

    assert {name: set(sources) for name, sources in merged(policies).sources.items()} == plainly_merged(policies)


def test_the_order_of_ascii():
    order = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz"

    assert "".join(sorted(set(order), key=collation_key)) == order


def test_the_order_of_other_letters():
    assert sorted(["étage", "f", "e", "etage", "«x»", "1"], key=collation_key) == [
        "«x»",
        "1",
        "e",
        "etage",
        "étage",
        "f",
    ]


@pytest.mark.parametrize(
    "text,number",
    [
        ("12", 12),
        (" +7x", 7),
        ("-3", -3),
        ("", None),
        ("x1", None),
        ("1e9", 1),
        ("0x10", 0),
        ("٣", None),
        ("\ufeff5", 5),
    ],
)
def test_numbers(text, number):
    assert whole_number(text) == number


def test_a_number_of_any_length():
    assert whole_number("9" * 100_000) > 10**300


@pytest.mark.parametrize("text", ["%", "%4", "%zz", "%ff", "%c3", "%c3é", "%ed%a0%80"])
def test_wrong_escapes(text):
    with pytest.raises(ValueError):  # noqa: PT011 - any of its kinds
        unescaped(text)


def test_words():
    assert words("\ufeff a\u00a0b\x1cc \n") == ["a", "b\x1cc"]


def test_what_is_far_too_long_is_invalid():
    with pytest.raises(InvalidPolicyError):
        merged(["img-src " + "a " * (MOST_COMPARISONS + 1)])
    with pytest.raises(InvalidPolicyError):
        merged(["img-src a.fr"] * 5_000)
