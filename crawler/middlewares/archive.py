from __future__ import annotations

from scrapy import Request
from scrapy.http import Response

from checks.model.capture import FailureKind, FetchFailure
from crawler.certificates import certificate_of
from crawler.failures import CeilingError, FetchFailedError
from crawler.visit import Answer, Ticket, Visit

KEPT = "kept"
"""Flag of a response whose captures are made already."""

MAX_PARTS = 300
"""Parts of pages that a browser may ask for one service; its pages share most of them, and the heaviest load about fifty."""

_REDIRECTS = range(300, 400)


class ArchiveMiddleware:
    """Nearest to the network: every exchange of the plan is kept as it came, redirects and failures included, and counted.

    A request without a ticket is a part of a page that a browser shows; what another middleware made and kept is
    flagged :data:`KEPT`.
    """

    def process_request(self, request: Request) -> None:
        visit: Visit = request.meta["visit"]
        if "ticket" not in request.meta:
            if visit.parts >= MAX_PARTS:
                message = f"the ceiling of {MAX_PARTS} parts of pages for one service is reached"
                raise CeilingError(FetchFailure(kind=FailureKind.OTHER, message=message))
            visit.parts += 1
            return
        if refusal := visit.refusal(request.meta["ticket"]):
            raise CeilingError(refusal)
        visit.sent += 1

    def process_response(self, request: Request, response: Response) -> Response:
        visit: Visit = request.meta["visit"]
        ticket: Ticket | None = request.meta.get("ticket")
        if ticket is None or KEPT in response.flags:
            return response
        answer = Answer(
            status=response.status,
            headers=header_pairs(response),
            raw_body=response.body,
            request_headers=header_pairs(request),
            certificate=certificate_of(response.certificate),
        )
        capture = visit.keep_answer(ticket, request.url, answer)
        if response.status in _REDIRECTS:  # the request that follows it copies the meta of this one
            request.meta["ticket"] = Ticket(fetch=ticket.fetch, number=ticket.number, previous=capture.id)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if isinstance(exception, FetchFailedError) and "ticket" in request.meta:
            visit: Visit = request.meta["visit"]
            visit.keep_failure(request.meta["ticket"], request.url, exception.failure)


def header_pairs(message: Request | Response) -> list[tuple[str, str]]:
    """Names and values as text, repeated headers kept."""
    # ISO-8859-1 keeps every byte of a header, whatever the server meant by it.
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in message.headers.items()
        for value in values
    ]
