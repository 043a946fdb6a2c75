from __future__ import annotations

import gzip
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model.capture import Candidate, Capture, Certificate, FailureKind, FetchFailure, Found, Role, Topic
from checks.model.errors import InputError
from checks.model.run_folder import RunFolder
from checks.model.service import Service
from crawler.archive import MAX_BODY, Archive, read_captures
from crawler.discovery.sight import ORIGIN, Fetch
from crawler.exchange_text import exchange_text
from crawler.visit import Answer, Visit
from crawler.warc import Exchange, new_id

AT = datetime(2026, 11, 23, 6, 0, 0, 123456, UTC)
BLANK = Capture(id="<urn:uuid:1>", service="a", number=1, role=Role.HOME, url="https://a.example/", at=AT)


def archived(path: Path, *exchanges: Exchange) -> Path:
    archive = Archive(path, "Toise/test")
    for exchange in exchanges:
        archive.write(exchange)
    archive.complete()
    return path


def checked(path: Path) -> None:
    command = [sys.executable, "-c", "import sys; from warcio.cli import main; sys.exit(main())", "check", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "a.warc.gz"


# What a server can send: any byte but those that end a line, no space around a value.
LATIN = st.characters(max_codepoint=255, exclude_characters="\r\n")
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,12}", fullmatch=True).filter(
    lambda name: name.lower() not in {"transfer-encoding", "content-encoding"}
)
HEADERS = st.lists(st.tuples(NAMES, st.text(LATIN, max_size=30).map(lambda text: text.strip(" \t"))), max_size=6)
URLS = st.builds(
    lambda host, path, query, fragment: f"https://{host}/{quote(path)}{query}{fragment}",
    st.sampled_from(["a.example", "xn--prfecture-b4a.example:8443", "préfecture.example", "[2001:db8::1]"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.sampled_from(["", "?", "?q=é&r=%C3%A9", "?a=b?c"]),
    st.sampled_from(["", "#budget-2025", "#é"]),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
CANDIDATES = st.builds(
    Candidate, topic=st.sampled_from(Topic), found=st.sampled_from(Found), text=TEXTS, page=st.just("https://a.example")
)
CERTIFICATES = st.builds(
    Certificate,
    issuer=TEXTS,
    expires=st.datetimes(timezones=st.just(UTC)),
    names=st.lists(TEXTS, max_size=3).map(tuple),
)
CAPTURES = st.builds(
    Capture,
    id=st.builds(new_id),
    service=TEXTS.filter(bool),
    number=st.integers(1, 40),
    role=st.sampled_from(Role),
    url=URLS,
    at=st.datetimes(datetime(2000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    method=st.sampled_from(["GET", "OPTIONS"]),
    certificate=st.none() | CERTIFICATES,
    origin=st.sampled_from(["", ORIGIN]),
    previous=st.none() | st.builds(new_id),
    candidates=st.lists(CANDIDATES, max_size=3).map(tuple),
    is_insecure=st.booleans(),
)
ANSWERS = st.builds(
    lambda capture, status, headers, body: replace(capture, status=status, headers=tuple(headers), body=body),
    CAPTURES,
    st.integers(100, 999),
    HEADERS,
    st.binary(max_size=200),
)
FAILURES = st.builds(
    lambda capture, kind, message, status: replace(
        capture, failure=FetchFailure(kind=kind, message=" ".join(message.split()), status=status)
    ),
    CAPTURES,
    st.sampled_from(FailureKind),
    TEXTS,
    st.none() | st.integers(100, 599),
)


@given(st.lists(ANSWERS | FAILURES, max_size=4), HEADERS)
def test_captures_come_back_as_they_were_made(captures, request_headers):
    exchanges = [
        Exchange(capture=capture, raw_body=capture.body, request_headers=request_headers) for capture in captures
    ]
    with tempfile.TemporaryDirectory() as folder:
        assert read_captures(archived(Path(folder, "a.warc.gz"), *exchanges)) == tuple(captures)


def test_bodies_are_kept_encoded_and_come_back_decoded(path):
    raw = gzip.compress("Accessibilité".encode())
    capture = replace(BLANK, status=200, headers=(("Content-Encoding", "gzip"),), body="Accessibilité".encode())
    archived(path, Exchange(capture=capture, raw_body=raw))
    assert read_captures(path) == (capture,)
    assert raw in gzip.decompress(path.read_bytes())


def test_bytes_of_headers_are_kept(path):
    capture = replace(
        BLANK, status=200, headers=(("X-Nom", "Préfecture\xff"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b"))
    )
    archived(path, Exchange(capture=capture))
    assert b"X-Nom: Pr\xe9fecture\xff\r\nSet-Cookie: a=1\r\nSet-Cookie: b\r\n" in gzip.decompress(path.read_bytes())


def test_warcio_accepts_the_file(path):
    answer = replace(
        BLANK, status=200, url="https://préfecture.example/é?q=ü#f", headers=(("X", "é"),), body=b"\x00\xff"
    )
    failure = replace(
        BLANK, url="http://a.example/", failure=FetchFailure(kind=FailureKind.TLS, message="périmé\r\nhier")
    )
    archived(
        path,
        Exchange(capture=answer, raw_body=answer.body, request_headers=[("Accept", "*/*"), ("X-É", "é")]),
        Exchange(capture=failure),
    )
    checked(path)
    assert read_captures(path)[1].failure == FetchFailure(kind=FailureKind.TLS, message="périmé hier")


def test_nothing_secret_of_ours_is_written(path):
    secrets = [("Authorization", "S3CRET"), ("cookie", "S3CRET"), ("Proxy-Authorization", "S3CRET"), ("Accept", "*/*")]
    archived(path, Exchange(capture=replace(BLANK, status=200), request_headers=secrets))
    written = gzip.decompress(path.read_bytes())
    assert b"GET / HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\n\r\n" in written
    assert b"S3CRET" not in written


def test_a_file_that_is_cut_or_damaged_is_an_input_error(path):
    capture = replace(BLANK, status=200, body=b"corps" * 50)
    archived(path, *(Exchange(capture=capture, raw_body=capture.body) for _ in range(3)))
    whole = path.read_bytes()
    ends = {at for at in range(1, len(whole)) if whole.startswith(b"\x1f\x8b\x08", at)}
    for end in (end for end in range(1, len(whole)) if end not in ends):
        path.write_bytes(whole[:end])
        with pytest.raises(InputError, match="reprenez la visite"):
            read_captures(path)


def test_a_long_file_that_is_cut_is_an_input_error(path):
    """One that is not read in one piece: of its end warcio hears nothing."""
    capture = replace(BLANK, status=200, body=b"corps")
    for count in range(10, 50):
        whole = archived(path, *[Exchange(capture=capture, raw_body=capture.body)] * count).read_bytes()
        assert len(read_captures(path)) == count
        path.write_bytes(whole[:-1])
        with pytest.raises(InputError, match="reprenez la visite"):
            read_captures(path)


def test_a_file_with_a_wrong_byte_is_an_input_error(path):
    capture = replace(BLANK, status=200, body=bytes(range(256)) * 8)
    whole = archived(path, Exchange(capture=capture, raw_body=capture.body)).read_bytes()
    for at in range(10, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            assert read_captures(path) == (capture,)
        except InputError as error:
            assert str(path) in str(error)  # noqa: PT017 - either is right: the date of a gzip member matters to nobody


@pytest.mark.parametrize("content", [b"", b"WARC/1.1\r\n", b"<html>", b"\x1f\x8b", b"\x00" * 99])
def test_what_is_no_archive_is_an_input_error(path, content):
    path.write_bytes(content)
    with pytest.raises(InputError):
        read_captures(path)


def test_a_file_takes_its_name_when_the_visit_is_complete(path):
    archive = Archive(path, "Toise/test")
    archive.write(Exchange(capture=replace(BLANK, status=200)))
    assert not path.exists()
    archive.complete()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_visit_without_an_exchange_is_complete_too(path):
    Archive(path, "Toise/test").complete()
    checked(path)
    assert read_captures(path) == ()


def test_what_a_dead_visit_left_is_forgotten_and_its_writer_notices(tmp_path):
    folder = RunFolder.create(tmp_path, datetime(2026, 11, 23, tzinfo=UTC))
    dead = Archive(folder.warc("a"), "Toise/test")
    dead.write(Exchange(capture=replace(BLANK, status=200)))
    with folder.held("crawl"):
        assert list(folder.captures.iterdir()) == []
    for end in (lambda: dead.write(Exchange(capture=replace(BLANK, status=200))), dead.complete):
        with pytest.raises(FileNotFoundError):
            end()
    assert list(folder.captures.iterdir()) == []


def test_a_second_visit_has_an_archive_of_its_own_whatever_the_name_of_the_service(tmp_path):
    folder = RunFolder.create(tmp_path, datetime(2026, 11, 23, tzinfo=UTC))
    names = ["a", "a#2", "a%232", "#2", "a.warc.gz"]
    for name in names:
        Archive(folder.warc(name), "Toise/test").complete()
    assert (folder.captured(), folder.captured(2)) == (set(names), set())
    for name in names:
        Archive(folder.warc(name, 2), "Toise/test").complete()
    assert (folder.captured(), folder.captured(2)) == (set(names), set(names))
    assert len(list(folder.captures.iterdir())) == 2 * len(names)


@pytest.mark.parametrize("service", ["../dehors", ".caché", "a/b", "élan & 100 %", "CON", "*", "a.warc.gz"])
def test_odd_service_ids_stay_in_their_folder(tmp_path, service):
    folder = RunFolder.create(tmp_path, AT)
    archived(folder.warc(service), Exchange(capture=replace(BLANK, service=service, status=200)))
    assert folder.captured() == {service}
    assert folder.warc(service).parent == folder.captures
    assert read_captures(folder.warc(service))[0].service == service


@pytest.mark.parametrize(
    "header, shown",
    [
        (("Set-Cookie", "session=S3CRET; Path=/; Secure"), "Set-Cookie: session=…; Path=/; Secure"),
        (("set-cookie", "a=S3CRET"), "set-cookie: a=…"),
        (
            ("Set-Cookie", "a=S3CRET; Domain=.a.example; Max-Age=9; SameSite=None; HttpOnly;"),
            "Set-Cookie: a=…; Domain=.a.example; Max-Age=9; SameSite=None; HttpOnly;",
        ),
        (("Set-Cookie", "a=S3CRET; Path=/, b=S3CRET; Secure"), "Set-Cookie: a=…; Path=…; Secure"),
        (("Set-Cookie", "a=S3CRET; b=S3CRET"), "Set-Cookie: a=…; b=…"),
        (("Set-Cookie", "S3CRET; Path=/"), "Set-Cookie: =…; Path=/"),
        (("Set-Cookie", "a=S3CRET;S3CRET; SECURE"), "Set-Cookie: a=…;…; SECURE"),
        (("Location", "https://agent:S3CRET@a.example/"), "Location: https://a.example/"),
        (("Server", "nginx"), "Server: nginx"),
    ],
)
def test_an_exchange_shows_no_cookie(header, shown):
    capture = replace(BLANK, status=200, headers=(header,), body=b"<p>Bonjour")
    assert exchange_text(capture) == (
        "Capture <urn:uuid:1>\nDate : 2026-11-23T06:00:00+00:00\nDemande : GET https://a.example/\n"
        f"Réponse : 200\n\n{shown}\n\n<p>Bonjour\n"
    )


def test_an_exchange_shows_what_a_preflight_asked():
    headers = (("Access-Control-Allow-Origin", ORIGIN), ("Access-Control-Allow-Credentials", "true"))
    asked = replace(BLANK, role=Role.PREFLIGHT, method="OPTIONS", origin=ORIGIN, status=204, headers=headers)
    assert exchange_text(asked) == (
        "Capture <urn:uuid:1>\nDate : 2026-11-23T06:00:00+00:00\nDemande : OPTIONS https://a.example/\n"
        f"Origin envoyé : {ORIGIN}\nRéponse : 204\n\nAccess-Control-Allow-Origin: {ORIGIN}\n"
        "Access-Control-Allow-Credentials: true\n\n\n"
    )


def test_an_exchange_shows_failures_and_says_what_is_not_text():
    failure = replace(BLANK, failure=FetchFailure(kind=FailureKind.DNS, message="inconnu"))
    binary = replace(BLANK, id="<urn:uuid:2>", status=200, body=b"\x89PNG\0")
    assert exchange_text(failure).endswith("Échec : dns inconnu\n")
    assert exchange_text(binary).endswith("\n[5 octets qui ne sont pas du texte]\n")


def test_a_body_over_the_limit_is_a_failure_in_the_archive_too(path):
    bomb = gzip.compress(bytes(MAX_BODY + 1))
    visit = Visit(service=Service(id="a", name="A"), archive=Archive(path, "Toise/test"), ceiling=15)
    ticket = visit.ticket(Fetch(role=Role.HOME, url=BLANK.url))
    answer = Answer(status=200, headers=[("Content-Encoding", "gzip")], raw_body=bomb)
    kept = visit.keep_answer(ticket, BLANK.url, answer)
    visit.complete()
    assert kept.failure.kind is FailureKind.TOO_LARGE
    assert read_captures(path) == (kept,)
    assert path.stat().st_size < 2000
