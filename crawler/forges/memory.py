from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from checks.model.capture import Capture, Role
from checks.model.errors import InputError
from checks.model.place import Place, is_local, names
from crawler.archive import read_captures

_FRESH = 200


def remembered(archive: Place | None) -> Mapping[str, Capture]:
    """What forges answered in the runs before about the service of ``archive``, by address.

    ``archive`` is the file of this run, ``RUNS/RUN/captures/SERVICE.warc.gz``; the latest of the others is read.
    Only answers that carry a validator (``ETag``, ``Last-Modified``), so that the forge can say that nothing has changed.
    The captures of a run are its memory: there is no other to keep, to share or to lose.
    """
    return _answers(archive) if archive else {}


@lru_cache(maxsize=32)  # a visit asks several times
def _answers(archive: Place) -> Mapping[str, Capture]:
    captures, run = archive.parents[0], archive.parents[1]
    for other in sorted(names(run.parent), reverse=True):  # runs are named after their time
        place = run.parent / other / captures.name / archive.name
        if other == run.name or (is_local(place) and not place.exists()):
            continue
        try:
            found = _reusable(place)
        except InputError:
            continue  # damaged, or not in a store: that run's business
        if found:
            return found
    return {}


def _reusable(place: Place) -> Mapping[str, Capture]:
    return {one.url: one for one in read_captures(place) if one.role is Role.FORGE and _is_reusable(one)}


def _is_reusable(capture: Capture) -> bool:
    return capture.status == _FRESH and bool(validators(capture))


def validators(capture: Capture) -> Mapping[str, str]:
    """The headers that ask whether an answer is still the same (RFC 9110 §13.1)."""
    found = {"If-None-Match": capture.header("etag"), "If-Modified-Since": capture.header("last-modified")}
    return {name: value for name, value in found.items() if value and value.isascii() and value.isprintable()}
