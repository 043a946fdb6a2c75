from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checks.model.address import without_credentials

EXCERPT_LENGTH = 300
"""Characters kept of the text that decided: enough to recognise the place, too few to republish the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where a verdict comes from: an address, a place in the page, the words read there, and the capture that holds them.

    ``locator`` is CSS-like (``footer a[3]``: the third link of the footer), or ``header NAME``; empty for the whole page.
    """

    url: str
    capture: str
    status: int | None = None
    excerpt: str = ""
    locator: str = ""

    def to_json(self) -> dict[str, Any]:
        # Not ``dataclasses.asdict``, which looks into each text and takes ten times as long, for the most frequent lines of all.
        return {
            "url": self.url,
            "capture": self.capture,
            "status": self.status,
            "excerpt": self.excerpt,
            "locator": self.locator,
        }


def shortened(text: str, length: int = EXCERPT_LENGTH) -> str:
    """The text on one line, cut at ``length`` characters, without the credentials that addresses hold."""
    line = without_credentials(" ".join(text.split()))
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
