"""What only we know of a capture, as the JSON that stands beside its record in the archive."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from checks.model.capture import Candidate, Capture, Certificate, Found, Rendering, Role, Topic


def metadata_of(capture: Capture) -> str:
    said: dict[str, Any] = {
        "service": capture.service,
        "number": capture.number,
        "role": capture.role,
        "url": capture.url,
        "method": capture.method,
        "origin": capture.origin,
        "previous": capture.previous,
        "insecure": capture.is_insecure,
        "certificate": _certificate(capture.certificate) if capture.certificate else None,
        "rendering": _rendering(capture.rendering) if capture.rendering else None,
        "status": capture.status if capture.rendering else None,
        "candidates": [_candidate(one) for one in capture.candidates],
    }
    return json.dumps({key: value for key, value in said.items() if value})


def fields_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a capture that its metadata gives. Raises ``KeyError`` or ``ValueError`` where they are not ours."""
    return {
        "service": said["service"],
        "number": said["number"],
        "role": Role(said["role"]),
        "url": said["url"],
        "method": said.get("method", "GET"),
        "origin": said.get("origin", ""),
        "previous": said.get("previous"),
        "is_insecure": said.get("insecure", False),
        "certificate": _read_certificate(said["certificate"]) if "certificate" in said else None,
        "rendering": Rendering(**said["rendering"]) if "rendering" in said else None,
        "candidates": tuple(
            Candidate(**{**one, "topic": Topic(one["topic"]), "found": Found(one["found"])})
            for one in said.get("candidates", ())
        ),
    }


def _candidate(one: Candidate) -> dict[str, str]:
    return {"topic": one.topic, "found": one.found, "text": one.text, "page": one.page, "address": one.address}


def _rendering(shown: Rendering) -> dict[str, Any]:
    return {"of": shown.of, "missing": shown.missing}


def _certificate(seen: Certificate) -> dict[str, Any]:
    return {"issuer": seen.issuer, "expires": seen.expires.astimezone(UTC).isoformat(), "names": seen.names}


def _read_certificate(said: Mapping[str, Any]) -> Certificate:
    expires = datetime.fromisoformat(said["expires"])
    return Certificate(issuer=said["issuer"], expires=expires, names=tuple(said["names"]))
