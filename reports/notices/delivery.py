"""The process that holds Apprise: it is told what to do on its standard input, a line of JSON each time, and answers so on its
standard output, once it has said that it is ready.

It is a process of its own because the other side may never end its answer, and because what libraries write of an address
holds its secrets: nobody reads the standard error of this one.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import apprise

_RAW_MARKDOWN = frozenset({"mmost", "mmosts"})
"""What reads Markdown whatever Apprise calls the format: its marks are to be ours alone."""

_CODE = re.compile(r"\berror=(\d{3})\b")


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr  # no library can answer in our place
    heard = _Codes()
    logging.basicConfig(handlers=[heard], level=logging.WARNING, force=True)
    _plugin("json://localhost")  # its first address makes Apprise load what it knows: no delivery is to wait for that
    _answer(answers, {})
    for line in sys.stdin:
        asked = json.loads(line)
        heard.codes.clear()
        if "urls" in asked:
            answer: Any = [_plugin(url) is not None for url in asked["urls"]]
        else:
            answer = {"is_sent": _send(asked), "code": next(reversed(heard.codes), None)}
        _answer(answers, answer)


def _answer(answers: TextIO, what: Any) -> None:
    answers.write(f"{json.dumps(what)}\n")
    answers.flush()


def _send(message: Mapping[str, str]) -> bool:
    plugin = _plugin(message["url"])
    courier = apprise.Apprise(asset=_asset())
    if plugin is None or not courier.add(plugin):
        return False
    markdown, plain = apprise.NotifyFormat.MARKDOWN, apprise.NotifyFormat.TEXT
    if message["url"].partition("://")[0].lower() in _RAW_MARKDOWN:
        return bool(courier.notify(body=message["markdown"], body_format=plain))
    if plugin.resolve_format(markdown) == markdown:
        return bool(courier.notify(body=message["markdown"], body_format=markdown))
    return bool(courier.notify(body=message["text"], title=message["subject"], body_format=plain))


def _plugin(url: str) -> Any:
    return apprise.Apprise.instantiate(url, asset=_asset())


def _asset() -> Any:
    return apprise.AppriseAsset(
        app_id="Toise",
        app_desc="Toise",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        async_mode=False,
        interpret_emojis=False,
        http_redirects=False,  # to follow one makes the message a mere visit, which may well be answered
    )


class _Codes(logging.Handler):
    """Of all that is logged, the HTTP codes: nothing else is sure to hold no secret."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.codes += _CODE.findall(record.getMessage())


if __name__ == "__main__":
    main()
