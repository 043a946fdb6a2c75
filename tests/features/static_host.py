"""A host of static sites, as Cloudflare Pages and Netlify are: files, their types, and what ``_headers`` adds."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.crawling.local_web import Asked, Handler, page, to

Rule = tuple[str, dict[str, str]]


def rules_of(text: str) -> tuple[Rule, ...]:
    """Each path of a ``_headers`` file with its headers."""
    found: list[Rule] = []
    for line in text.splitlines():
        if line.startswith("/"):
            found.append((line.strip(), {}))
        elif line.strip() and not line.startswith("#"):
            name, _, value = line.partition(":")
            found[-1][1][name.strip()] = value.strip()
    return tuple(found)


def headers_for(path: str, rules: Iterable[Rule]) -> Iterator[tuple[str, str]]:
    """Of every rule that holds for the path; a header that two of them give would come twice."""
    for pattern, headers in rules:
        is_held = path.startswith(pattern.removesuffix("*")) if pattern.endswith("*") else path == pattern
        yield from headers.items() if is_held else ()


def static_host(folder: Path) -> Handler:
    rules = rules_of((folder / "_headers").read_text("utf-8"))

    def handler(asked: Asked) -> Iterable[bytes]:
        path = asked.target.partition("?")[0]
        if asked.scheme == "http":
            return to(f"https://{asked.host}{asked.target}", status=301)
        file = folder / path.removeprefix("/")
        file = file / "index.html" if file.is_dir() else file
        shown = file if file.is_file() else folder / "404.html"
        headers = list(headers_for(path, rules))
        if "Content-Type" not in dict(headers):
            headers.append(("Content-Type", mimetypes.guess_type(shown.name)[0] or "application/octet-stream"))
        lines = [f"{name}: {value}" for name, value in headers]
        return page(shown.read_bytes(), 200 if shown is file else 404, lines)

    return handler
