from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the pages of the site are. ``base`` is what stands before their paths: the address of the site, with its last
    slash, or the way up from a file of it; without one (``None``) there is no address at all, which is an empty text.

    ``services`` and ``incubators`` give the file names, as the site has them.
    """

    base: str | None = None
    services: Mapping[str, str] = field(default_factory=dict)
    incubators: Mapping[str, str] = field(default_factory=dict)

    def service(self, service: str, rule: str = "") -> str:
        """The scorecard, or what it says of a rule."""
        page = self._page("services", self.services.get(service))
        return f"{page}#{rule}" if page and rule else page

    def incubator(self, incubator: str) -> str:
        return self._page("incubators", self.incubators.get(incubator))

    def _page(self, folder: str, name: str | None) -> str:
        # A name is percent-encoded once for the disk, once more for an address.
        return "" if self.base is None or name is None else f"{self.base}{folder}/{quote(name)}.html"
