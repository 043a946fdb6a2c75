from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware as ScrapyRedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from checks.model.address import without_credentials
from checks.model.capture import FailureKind, FetchFailure
from crawler.failures import FetchFailedError
from crawler.visit import Visit


class RedirectMiddleware(ScrapyRedirectMiddleware):
    """Scrapy's own, with three differences: a redirect that is given up is a capture, a loop is given up at once, and the
    user and password of an address are not sent: a browser would, but they are nobody's to use.

    An address may come back once, with the cookie that it set the first time; the third time it is a loop.
    """

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        try:
            result = super().process_response(request, response)
        except ValueError:  # a Location that is no address: the answer stays what it is
            return response
        except IgnoreRequest as error:
            raise _given_up(request, str(error)) from error
        if not isinstance(result, Request):
            return result
        result = result.replace(url=without_credentials(result.url))
        if result.meta["redirect_urls"].count(result.url) > 1:
            raise _given_up(request, f"redirect loop to {result.url}")
        # The slot of the first host, copied with the meta, would let a redirect pass the next host's delay.
        result.meta.pop("download_slot", None)
        return result


def _given_up(request: Request, message: str) -> FetchFailedError:
    visit: Visit = request.meta["visit"]
    failure = FetchFailure(kind=FailureKind.TOO_MANY_REDIRECTS, message=message)
    if "ticket" in request.meta:
        visit.keep_failure(request.meta["ticket"], request.url, failure)
    return FetchFailedError(failure)
