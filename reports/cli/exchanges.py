from __future__ import annotations

from collections.abc import Mapping

from checks.model.capture import Capture
from checks.model.evidence import Evidence
from checks.model.place import Listing
from checks.model.run_folder import RunFolder
from crawler.archive import read_captures
from crawler.exchange_text import exchange_text


class Exchanges:
    """The archived exchanges of a run, as text, where its folder is still there. Those of one service are read at once, since
    its pages are written one after the other; any process can read them."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._known = Listing(folder.captures)
        self._service: str | None = None
        self._captures: Mapping[str, Capture] = {}

    def __call__(self, evidence: Evidence, service: str) -> str | None:
        if service != self._service:
            self._captures, self._service = self._read(service), service
        capture = self._captures.get(evidence.capture)
        return exchange_text(capture) if capture else None

    def _read(self, service: str) -> Mapping[str, Capture]:
        paths = [
            path for path in (self._folder.warc(service), self._folder.warc(service, 2)) if path.name in self._known
        ]
        return {capture.id: capture for path in paths for capture in read_captures(path)}
