from __future__ import annotations

from scrapy import Request
from scrapy.http import Response

from crawler.certificates import certificate_of
from crawler.failures import CeilingError, FetchFailedError
from crawler.visit import Answer, Ticket, Visit

KEPT = "kept"
"""Flag of a response whose captures are made already."""


class ArchiveMiddleware:
    """Nearest to the network: every exchange of the plan is kept as it came, redirects and failures included, and counted.

    A request without a ticket is a part of a page that a browser shows; what another middleware made and kept is
    flagged :data:`KEPT`.
    """

    def process_request(self, request: Request) -> None:
        if "ticket" not in request.meta:
            return
        visit: Visit = request.meta["visit"]
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
        # The redirect, if this is one, copies the meta of this request.
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
