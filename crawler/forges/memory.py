from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from checks.model.capture import Capture, Role
from checks.model.errors import InputError
from crawler.archive import read_captures

_FRESH = 200


def remembered(archive: Path | None) -> Mapping[str, Capture]:
    """What forges answered in the runs before about the service of ``archive``, by address.

    ``archive`` is the file of this run, ``RUNS/RUN/captures/SERVICE.warc.gz``; the latest of the others is read.
    Only answers that carry a validator (``ETag``, ``Last-Modified``), so that the forge can say that nothing has changed.
    The captures of a run are its memory: there is no other to keep, to share or to lose.
    """
    return _answers(archive) if archive else {}


@lru_cache(maxsize=32)  # a visit asks several times
def _answers(archive: Path) -> Mapping[str, Capture]:
    run, place = archive.parents[1], archive.relative_to(archive.parents[1])
    for other in sorted(run.parent.iterdir(), reverse=True):  # runs are named after their time
        if other == run or not (other / place).exists():
            continue
        try:
            captures = read_captures(other / place)
        except InputError:
            continue  # damaged: that run's business
        found = {one.url: one for one in captures if one.role is Role.FORGE and _is_reusable(one)}
        if found:
            return found
    return {}


def _is_reusable(capture: Capture) -> bool:
    return capture.status == _FRESH and bool(validators(capture))


def validators(capture: Capture) -> Mapping[str, str]:
    """The headers that ask whether an answer is still the same (RFC 9110 §13.1)."""
    found = {"If-None-Match": capture.header("etag"), "If-Modified-Since": capture.header("last-modified")}
    return {name: value for name, value in found.items() if value and value.isascii() and value.isprintable()}
