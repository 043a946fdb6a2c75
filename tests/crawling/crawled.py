from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from checks.model.capture import Capture, Role
from checks.model.chain import Chain, chains, home_chain
from checks.model.run_folder import RunFolder
from crawler.archive import read_captures
from crawler.fleet.local import CrawlReport
from tests.crawling.local_web import LocalWeb

ROOT = Path(__file__).parents[2]


class Crawled:
    """A crawl that is over: its folder, the web it went through, and what it reported."""

    def __init__(self, folder: RunFolder, web: LocalWeb, report: CrawlReport) -> None:
        self.folder, self.web, self.report = folder, web, report

    def captures(self, name: str) -> tuple[Capture, ...]:
        return read_captures(self.folder.warc(name))

    def chains(self, name: str) -> tuple[Chain, ...]:
        return chains(capture for capture in self.captures(name) if capture.role is not Role.ROBOTS)

    def home(self, name: str) -> Chain:
        found = home_chain(f"https://{name.partition('/')[0]}.example/", self.chains(name))
        assert found
        return found

    def one(self, name: str, role: Role) -> Chain:
        [found] = [chain for chain in self.chains(name) if chain.role is role]
        return found

    def asked(self, name: str) -> list[str]:
        return self.web.targets(f"{name}.example")


def shard(folder: RunFolder, prelude: str = "") -> subprocess.Popen[str]:
    """A crawling process whose code is changed first by ``prelude``."""
    code = f"{prelude}\nimport sys; from crawler.fleet.shard import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, str(folder.path)]
    return subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
