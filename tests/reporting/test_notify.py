"""``toise notify``, received by a server of this machine."""

from __future__ import annotations

import json
import shutil
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from filelock import FileLock

from reports.cli import main
from reports.notices.recipients import Address
from reports.notices.sending import Courier
from reports.notices.sent import FILE
from reports.render.notice import Notice
from tests.reporting.loaded_runs import Runs, service

TOKEN, PASSWORD = "jetontressecret0123456789a", "mot/de p@sse%41"
A, B = service("a"), service("b", name="B @all [x](http://evil.invalid)", incubators=("anct",))
C = service("c", incubators=("calme",))
FINE, BROKEN = {"https": "passed"}, {"https": "failed"}


class Received:
    """A server that keeps what it is sent; ``status`` is its answer, by path."""

    def __init__(self) -> None:
        self.posts: list[SimpleNamespace] = []
        self.status: dict[str, int] = {}
        self.drips: set[str] = set()
        received = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                received.posts.append(
                    SimpleNamespace(path=self.path, headers=dict(self.headers), body=json.loads(body))
                )
                status = received.status.get(self.path, 200)
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/ailleurs")
                self.end_headers()
                with suppress(OSError):
                    while self.path in received.drips:
                        self.wfile.write(b".")
                        time.sleep(0.05)

            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @property
    def place(self) -> str:
        return f"localhost:{self.server.server_address[1]}"


@pytest.fixture
def received() -> Iterator[Received]:
    made = Received()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.drips.clear()
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def loaded(tmp_path_factory) -> Path:
    """``a`` falls, ``b`` mends, ``c`` stays as it was."""
    made = Runs(tmp_path_factory.mktemp("notices"))
    made.add("un", 1, {A: FINE, B: BROKEN, C: FINE})
    made.add("deux", 2, {A: BROKEN, B: FINE, C: FINE})
    made.engine.dispose()
    return made.folder


@pytest.fixture
def runs(loaded, tmp_path, monkeypatch) -> Iterator[Runs]:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(loaded, tmp_path, dirs_exist_ok=True)
    made = Runs(tmp_path)
    yield made
    made.engine.dispose()


@pytest.fixture
def notify(runs, capsys, monkeypatch):
    monkeypatch.setenv("JETON", TOKEN)
    monkeypatch.setenv("MOT_DE_PASSE", PASSWORD)

    def run(*args: str, code: int = 0):
        with pytest.raises(SystemExit) as ended:
            main(["--debug", "notify", *args, "--database", runs.database])
        said = capsys.readouterr()
        assert ended.value.code == code, said.err
        for secret in (TOKEN, TOKEN[4:12], PASSWORD, "p%40sse"):
            assert secret not in said.out + said.err
        return SimpleNamespace(out=_spaced(said.out), err=_spaced(said.err))

    return run


def _spaced(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def addressed(runs: Runs, text: str) -> str:
    path = runs.folder / "destinataires.toml"
    path.write_text(text, "utf-8")
    return str(path)


def lines(runs: Runs) -> list[dict[str, str]]:
    return [json.loads(line) for line in (runs.folder / "runs" / "deux" / FILE).read_text("utf-8").splitlines()]


def test_by_default_nothing_leaves(runs, notify, received):
    to = addressed(runs, f'dinum = ["json://u:${{MOT_DE_PASSE}}@{received.place}/${{JETON}}"]')

    said = notify("--to", to, "--site", "https://toise.example.org")

    assert received.posts == []
    assert not (runs.folder / "runs" / "deux" / FILE).exists()
    assert (
        "À      dinum : json://localhost/…\nSujet  Toise, 3 novembre 2026 : 1 point à corriger, incubateur dinum"
        in said.out
    )
    assert "https://toise.example.org/services/a.html" in said.out
    assert "À      anct : aucun destinataire" in said.out
    assert "B ＠all [x](http:// evil.invalid)" in said.out
    assert "De un à deux, rien de nouveau pour calme : aucun message." in said.err
    assert "Aucun destinataire pour anct." in said.err
    assert "1 message à envoyer. Essai : rien n'est parti, ajoutez --send." in said.err


def test_what_is_sent_is_received_once(runs, notify, received):
    everyone = f'"*" = ["json://u:${{MOT_DE_PASSE}}@{received.place}/copie/${{JETON}}"]'
    to = addressed(runs, f'dinum = ["json://{received.place}/dinum"]\n{everyone}')

    said = notify("--to", to, "--send")

    assert said.out == ""
    assert "3 messages envoyés, 0 échec." in said.err
    assert sorted(post.path for post in received.posts) == [f"/copie/{TOKEN}", f"/copie/{TOKEN}", "/dinum"]
    (own,) = (post.body for post in received.posts if post.path == "/dinum")
    assert _spaced(own["message"]).startswith(
        "**Toise, 3 novembre 2026 : 1 point à corriger, incubateur dinum**\n\nAudit du"
    )
    copies = [post for post in received.posts if post.path != "/dinum"]
    basic = b64encode(f"u:{PASSWORD}".encode()).decode()
    assert {post.headers["Authorization"] for post in copies} == {f"Basic {basic}"}
    assert {post.headers["User-Agent"] for post in copies} == {"Toise"}
    kept = lines(runs)
    assert [(line["incubator"], line["list"]) for line in kept] == [("anct", "*"), ("dinum", "dinum"), ("dinum", "*")]
    assert {line["to"] for line in kept} == {"json://localhost/…"}
    assert TOKEN not in (runs.folder / "runs" / "deux" / FILE).read_text("utf-8")

    again = notify("--to", to, "--send")
    assert len(received.posts) == 3
    assert "3 messages déjà envoyés : --again le refait." in again.err
    assert "0 message envoyé" in again.err
    assert "(déjà envoyé)" in notify("--to", to).out
    notify("--to", to, "--send", "--again", "--only", "dinum")
    assert len(received.posts) == 5


def test_what_is_sent_calls_nobody_and_leads_nowhere(runs, notify, received):
    host = received.place
    to = addressed(runs, f'anct = ["json://{host}/?format=text", "json://{host}/", "mmost://{host}/{TOKEN}?image=yes"]')

    notify("--to", to, "--send", "--only", "anct")

    plain, markdown, chat = (post.body for post in received.posts)
    assert "B ＠all [x](http:// evil.invalid)" in plain["message"]
    assert plain["title"].startswith("Toise")
    assert "B ＠all \\[x\\](http:// evil.invalid)" in markdown["message"]
    assert chat["text"] == markdown["message"]
    assert not [body for body in (plain, markdown, chat) if "@" in json.dumps(body)]
    assert not chat.get("icon_url")


def test_a_failure_stops_nobody_and_is_tried_again(runs, notify, received):
    received.status = {f"/{TOKEN}": 404}
    host = received.place
    to = addressed(
        runs, f'anct = ["json://{host}/${{JETON}}", "json://localhost:1/${{JETON}}"]\ndinum = ["json://{host}/dinum"]'
    )

    said = notify("--to", to, "--send", code=3)

    assert "Message à anct non envoyé (json://localhost/…) : réponse HTTP 404." in said.err
    assert "Message à anct non envoyé (json://localhost/… (2)) : adresse injoignable, ou message refusé." in said.err
    assert "1 message envoyé, 2 échecs." in said.err
    assert [line["incubator"] for line in lines(runs)] == ["dinum"]

    received.status.clear()
    assert "1 message envoyé, 1 échec." in notify("--to", to, "--send", code=3).err
    assert [line["incubator"] for line in lines(runs)] == ["dinum", "anct"]


def test_a_copy_that_failed_is_not_taken_for_the_message_that_arrived(runs, notify, received):
    """Both addresses read alike once their secrets are left out."""
    received.status = {"/copie": 500}
    to = addressed(runs, f'dinum = ["json://{received.place}/dinum"]\n"*" = ["json://{received.place}/copie"]')
    notify("--to", to, "--send", "--only", "dinum", code=3)
    received.status.clear()
    notify("--to", to, "--send", "--only", "dinum")

    assert [post.path for post in received.posts] == ["/dinum", "/copie", "/copie"]


def test_an_address_is_known_again_wherever_it_stands_in_its_list(runs, notify, received):
    first, second = (f"json://{received.place}/{name}" for name in ("un", "deux"))
    received.status = {"/un": 500}
    notify("--to", addressed(runs, f'dinum = ["{first}", "{second}"]'), "--send", "--only", "dinum", code=3)
    received.status.clear()
    notify("--to", addressed(runs, f'dinum = ["{second}", "{first}"]'), "--send", "--only", "dinum")

    assert [post.path for post in received.posts] == ["/un", "/deux", "/un"]


def test_a_redirect_is_no_delivery(runs, notify, received):
    received.status = {"/": 302}
    to = addressed(runs, f'dinum = ["json://{received.place}/"]')

    assert "réponse HTTP 302" in notify("--to", to, "--send", code=3).err
    assert len(received.posts) == 1


def test_an_answer_without_end_is_left(received):
    received.drips = {"/"}
    address = Address(url=f"json://{received.place}/?rto=60", owner="dinum", name="json://localhost/…", place="")
    notice = Notice(incubator="dinum", subject="s", text="t", markdown="m", digest="d")
    begun = time.monotonic()
    with Courier(limit=3) as courier:
        assert courier.deliver(notice, address) == "pas de réponse complète en 3 s, le message est peut-être arrivé"
        assert time.monotonic() - begun < 40
        received.drips.clear()
        assert courier.deliver(notice, address) is None, "the next one is not held up"


def test_a_message_that_says_another_thing_is_sent(runs, notify, received):
    to = addressed(runs, f'dinum = ["json://{received.place}/"]\nanct = []')
    notify("--to", to, "--send")
    runs.add("deux", 2, {A: {"https": "failed", "statistics-page": "failed"}, B: FINE, C: FINE})
    notify("--to", to, "--send")

    assert len(received.posts) == 2


@pytest.mark.parametrize("is_second", [False, True])
def test_what_is_not_sound_is_never_sent(runs, notify, received, is_second):
    runs.add("trois", 3, {A: FINE, B: FINE, C: FINE}, is_healthy=False)
    runs.add("quatre", 4, {A: FINE, B: FINE, C: FINE})
    to = addressed(runs, f'"*" = ["json://{received.place}/"]')
    args = ("quatre", "--against", "trois") if is_second else ("trois",)

    said = notify(*args, "--to", to, "--send", code=2)

    assert "L'audit trois n'est pas sain : rien n'en est envoyé" in said.err
    assert received.posts == []
    # The one before it is what the next sound one is read against.
    assert "De deux à quatre" in notify("quatre", "--to", to).err


def test_without_an_earlier_audit_there_is_nothing_to_say(runs, notify):
    assert "Aucun audit sain ne précède un" in notify("un").err


WRONG = {
    "an incubator that does not exist": ('ailleurs = ["json://localhost/"]', (), "aucun incubateur de ce nom"),
    "a scheme that does not exist": (
        'dinum = ["tchoutchou://${JETON}/x"]',
        (),
        "(tchoutchou://…) : Apprise ne connaît pas",
    ),
    "no scheme at all": ('dinum = ["${JETON}"]', (), "« dinum », adresse 1 (…) : Apprise ne connaît pas"),
    "an address that lacks something": ('dinum = ["mmosts://chat.example.org/"]', (), "Apprise ne connaît pas"),
    "no TOML": ('dinum = ["json://${JETON}', (), "n'est pas du TOML"),
    "--only of nobody": ("", ("--only", "ailleurs"), "--only ailleurs : ces audits n'ont aucun incubateur"),
    "--site that is none": ("", ("--site", "javascript:x"), "--site javascript:x : attendu l'adresse"),
    "a folder of runs that is another": ("", ("--runs", "ailleurs"), "donnez-le par --runs"),
    "--against a later one": ("", ("un", "--against", "deux"), "cet audit ne précède pas un"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_before_anything_is_sent(runs, notify, received, case):
    text, args, said = WRONG[case]
    to = addressed(runs, f'"*" = ["json://{received.place}/"]\n{text}')

    error = notify(*args, "--to", to, "--send", code=2).err

    assert error.splitlines()[-1].startswith("Erreur : ")
    assert said in error.splitlines()[-1]
    assert received.posts == []


def test_without_recipients_nothing_can_be_sent(notify):
    assert "--send demande des destinataires" in notify("--send", code=2).err


def test_without_apprise_messages_are_shown_and_not_sent(runs, notify, monkeypatch):
    monkeypatch.setattr("reports.notices.sending.find_spec", lambda _: None)
    to = addressed(runs, 'dinum = ["json://localhost/"]')

    assert "À corriger".upper() in notify().out
    assert "pip install 'toise[notify]'" in notify("--to", to, "--send", code=2).err


def test_two_commands_do_not_send_at_once(runs, notify, received):
    to = addressed(runs, f'"*" = ["json://{received.place}/"]')
    with FileLock(runs.folder / "runs" / "deux" / ".notices.lock"):
        assert "Un autre processus envoie déjà" in notify("--to", to, "--send", code=2).err
    assert received.posts == []


def test_a_memory_cut_short_forgets_its_last_line_only(runs, notify, received):
    to = addressed(runs, f'"*" = ["json://{received.place}/"]')
    notify("--to", to, "--send")
    memory = runs.folder / "runs" / "deux" / FILE
    memory.write_bytes(memory.read_bytes()[:-20])

    assert "1 message envoyé" in notify("--to", to, "--send").err
    assert "0 message envoyé" in notify("--to", to, "--send").err


def test_the_runs_are_said_as_markdown_too(notify):
    assert "#### À corriger" in notify("--format", "markdown").out
