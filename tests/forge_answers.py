"""What the APIs and the pages of forges answer, cut down to what their documentation promises."""

from __future__ import annotations

import base64
import json
from typing import Any

GITHUB = "https://github.com/port-embouchure/bac-a-voile"
GITHUB_API = "https://api.github.com/repos/port-embouchure/bac-a-voile"
GITLAB = "https://gitlab.port.example/quais/bac/bac-a-voile"
GITLAB_API = "https://gitlab.port.example/api/v4/projects/quais%2Fbac%2Fbac-a-voile"
GITEA = "https://codeberg.org/port/bac-a-voile"
GITEA_API = "https://codeberg.org/api/v1/repos/port/bac-a-voile"
SOURCEHUT = "https://git.sr.ht/~port/bac-a-voile"

MIT = """MIT License

Copyright (c) 2026 Port de l'Embouchure

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction."""
OWN_WORDS = "Ce logiciel est à nous. Demandez-nous avant de vous en servir."


def github(**said: Any) -> str:
    return json.dumps(
        {
            "id": 1,
            "full_name": "port-embouchure/bac-a-voile",
            "private": False,
            "html_url": GITHUB,
            "fork": False,
            "pushed_at": "2026-11-02T08:00:00Z",
            "updated_at": "2026-11-03T08:00:00Z",
            "size": 812,
            "archived": False,
            "disabled": False,
            "license": {"key": "agpl-3.0", "name": "GNU Affero General Public License v3.0", "spdx_id": "AGPL-3.0"},
            "visibility": "public",
            "default_branch": "main",
            **said,
        }
    )


def gitlab(**said: Any) -> str:
    """To a visitor without a token: neither ``archived`` nor ``empty_repo``."""
    return json.dumps(
        {
            "id": 7,
            "path_with_namespace": "quais/bac/bac-a-voile",
            "default_branch": "main",
            "web_url": GITLAB,
            "readme_url": f"{GITLAB}/-/blob/main/README.md",
            "license_url": f"{GITLAB}/-/blob/main/LICENSE",
            "license": {"key": "mit", "name": "MIT License", "nickname": None},
            "last_activity_at": "2026-10-01T10:00:00.000Z",
            **said,
        }
    )


def gitea(**said: Any) -> str:
    return json.dumps(
        {
            "id": 3,
            "full_name": "port/bac-a-voile",
            "empty": False,
            "private": False,
            "html_url": GITEA,
            "archived": False,
            "updated_at": "2026-09-01T10:00:00Z",
            "licenses": ["EUPL-1.2"],
            **said,
        }
    )


def said(message: str, status: int = 404, **headers: str) -> dict[str, Any]:
    """An error of an API, as all three write it."""
    body = json.dumps({"message": message, "documentation_url": "https://docs.example/"})
    return {"status": status, "body": body, "headers": {"Content-Type": "application/json", **headers}}


def file(text: str) -> str:
    """A file inside the JSON of GitHub."""
    return json.dumps({"name": "LICENSE", "encoding": "base64", "content": base64.encodebytes(text.encode()).decode()})


def page(title: str, body: str = "<p>README</p>") -> str:
    return f"""<!DOCTYPE html><html lang=en><head><title>{title}</title></head><body><header><a href=/>Forge</a></header>
<main><h1>{title.partition(":")[0]}</h1><ul><li><a href=/port-embouchure/bac-a-voile/issues>Issues</a></li>
<li><a href=/port-embouchure/bac-a-voile/pulls>Pull requests</a></li></ul>{body}</main>
<footer><a href=/about>About</a></footer></body></html>"""


GITHUB_PAGE = page(
    "GitHub - port-embouchure/bac-a-voile: Le bac",
    "<p>Traverser</p><a href=#MIT-1-ov-file>MIT license</a><p>12 commits</p>",
)
SIGN_IN = page("Sign in · GitLab", "<form><input name=user><input type=password name=password></form>")
