"""An audit of a small, quick network as a command, to be killed and resumed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks.model.run_folder import RunFolder
from tests.crawling.local_web import Asked, Handler, LocalWeb, page, site

ROOT = Path(__file__).parents[2]

QUICK = """
from reports.cli.opening import Settings
told = Settings.to_json
Settings.to_json = lambda settings: told(settings) | {"delay": 0.02, "timeout": 2}
"""

DYING = """
import importlib, os, signal

def dying(place, name, call):
    owner = importlib.import_module(place)
    *path, name = name.split(".")
    for part in path:
        owner = getattr(owner, part)
    function, calls = getattr(owner, name), iter(range(1, 1000))

    def deadly(*given, **named):
        if next(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*given, **named)

    setattr(owner, name, deadly)

dying(*{death!r})
"""

RUN = "from reports.cli import main; main()"

LINKED = """
<title>{name}</title><p>Bienvenue sur le service {name}, qui aide chacun à faire ses démarches en quelques minutes.
<footer><a href="/accessibilite">Accessibilité : non conforme</a> <a href="/stats">Statistiques</a></footer>
"""


def whole(name: str) -> Handler:
    pages: dict[str, str | Iterable[bytes]] = {
        "/": LINKED.format(name=name),
        "/accessibilite": "<h1>Déclaration d'accessibilité</h1><p>Ce site est non conforme.",
        "/stats": f"<h1>Statistiques de {name}</h1><p>{len(name)} 412 visites ce mois-ci.",
    }
    return site(pages)


def broken(_: Asked) -> Iterable[bytes]:
    return page("<h1>Erreur interne", 500)


@dataclass(frozen=True, slots=True)
class Death:
    """Where an audit is killed: at a request that the web receives, or at a call of one of our functions.

    ``whole_group``: its crawling process is killed with it, else it is left an orphan.
    """

    name: str
    request: int = 0
    call: tuple[str, str, int] | None = None
    whole_group: bool = False


class Network:
    """Six sites, one of them broken and one dead, with what is counted of them."""

    names = ("atlas", "bocage", "cadran", "dune", "panne", "muet")

    environment: Mapping[str, str] = {}

    def __init__(self, web: LocalWeb, folder: Path) -> None:
        self.web, self.folder = web, folder
        web.hosts.update({f"{name}.example": whole(name) for name in self.names[:4]})
        web.hosts["panne.example"] = broken
        folder.mkdir()
        self.register(*self.names)

    def register(self, *names: str) -> None:
        lines = ["id,name,url,phase", *(f"{name},{name},https://{name}.example,acceleration" for name in names)]
        (self.folder / "registre.csv").write_text("\n".join(lines), "utf-8")

    def begun(self, *options: str, prelude: str = "") -> subprocess.Popen[str]:
        audit = ("audit", "registre.csv", "--second-visit", "0", "--render", "never")
        return self.command(*audit, *options, prelude=prelude)

    def command(self, *args: str, prelude: str = "", **how: Any) -> subprocess.Popen[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        return subprocess.Popen(
            [sys.executable, "-c", QUICK + prelude + RUN, *args],
            cwd=self.folder,
            env={**inherited, "PYTHONPATH": str(ROOT), **self.web.environment(), **self.environment},
            text=True,
            start_new_session=True,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how},
        )

    def audited(self, *options: str, prelude: str = "", code: int = 0) -> str:
        """Runs the command to its end; what it said."""
        with self.begun(*options, prelude=prelude) as process:
            out, said = process.communicate(timeout=120)
        assert process.returncode == code, said
        return out + said

    def said(self, *args: str, code: int = 0, **how: Any) -> str:
        """Runs another command to its end; what it said."""
        with self.command(*args, **how) as process:
            out, said = process.communicate(timeout=120)
        assert process.returncode == code, said
        return out + said

    def killed(self, death: Death) -> None:
        """Runs the command until its death, and waits until nothing of it is left."""
        with self.begun(prelude=DYING.format(death=death.call) if death.call else "") as process:
            if death.request:
                self.web.wait_for(death.request)
                (os.killpg if death.whole_group else os.kill)(process.pid, signal.SIGKILL)
            process.communicate(timeout=120)
        assert process.returncode == -signal.SIGKILL, death.name
        for run in RunFolder.all(self.folder / "runs"):
            with run.held("crawl", patience=30):
                pass

    def visits(self) -> Counter[str]:
        """How many times each site was visited: a visit begins with robots.txt."""
        begun = [asked for asked in self.web.asked if asked.target == "/robots.txt" and asked.scheme == "https"]
        return Counter(asked.host.removesuffix(".example") for asked in begun)

    @property
    def run(self) -> RunFolder:
        (run,) = RunFolder.all(self.folder / "runs")
        return run

    def verdicts(self) -> list[dict[str, object]]:
        """The verdict lines without what differs from one run to the next: its name, times, and ids of captures."""
        lines = [json.loads(line) for line in self.run.verdicts.read_text("utf-8").splitlines()]
        for line in lines:
            del line["at"], line["run"]
            for evidence in line["evidence"]:
                del evidence["capture"]
        return lines
