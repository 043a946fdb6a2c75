from __future__ import annotations

from scrapy import Request
from scrapy.http import Response

from checks.model.capture import FailureKind, FetchFailure
from crawler.failures import CeilingError, FetchFailedError
from crawler.visit import Answer, Ticket, Visit


class ArchiveMiddleware:
    """Nearest to the network: every exchange is kept as it came, redirects and failures included, and counted."""

    def process_request(self, request: Request) -> None:
        visit: Visit = request.meta["visit"]
        if visit.sent >= visit.ceiling:
            message = f"the ceiling of {visit.ceiling} requests for one service is reached"
            raise CeilingError(FetchFailure(kind=FailureKind.OTHER, message=message))
        visit.sent += 1

    def process_response(self, request: Request, response: Response) -> Response:
        visit: Visit = request.meta["visit"]
        ticket: Ticket = request.meta["ticket"]
        answer = Answer(
            status=response.status,
            headers=header_pairs(response),
            raw_body=response.body,
            request_headers=header_pairs(request),
        )
        capture = visit.keep_answer(ticket, request.url, answer)
        # The redirect, if this is one, copies the meta of this request.
        request.meta["ticket"] = Ticket(fetch=ticket.fetch, number=ticket.number, previous=capture.id)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if isinstance(exception, FetchFailedError):
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
