from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware as ScrapyRedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from checks.model.capture import FailureKind, FetchFailure
from crawler.visit import Visit


class RedirectMiddleware(ScrapyRedirectMiddleware):
    """Scrapy's own, which drops a request that was redirected too often: the capture says so."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        try:
            result = super().process_response(request, response)
        except IgnoreRequest as error:
            visit: Visit = request.meta["visit"]
            failure = FetchFailure(kind=FailureKind.TOO_MANY_REDIRECTS, message=str(error))
            visit.keep_failure(request.meta["ticket"], request.url, failure)
            raise
        if isinstance(result, Request):
            # The slot of the first host, copied with the meta, would let a redirect pass the next host's delay.
            result.meta.pop("download_slot", None)
        return result
