"""Why a certificate is refused: OpenSSL knows, and tells Twisted only that it is."""

from __future__ import annotations

from typing import Any
from weakref import ref

from OpenSSL.SSL import VERIFY_FAIL_IF_NO_PEER_CERT, VERIFY_PEER, X509VerificationCodes
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from twisted.internet._sslverify import ClientTLSOptions, _verifyCB
from twisted.python.failure import Failure

from crawler.certificates import read

_WORDS: dict[int, str] = {
    code: name.removeprefix("ERR_").replace("_", " ").lower()
    for name, code in vars(X509VerificationCodes).items()
    if name.startswith("ERR_")
}


class BadCertificateError(Exception):
    """Says the fault, in OpenSSL's words, and the depth in the chain at which it was met (0: the site's certificate)."""

    def __init__(self, fault: str, depth: int) -> None:
        super().__init__(f"certificate refused: {fault}, depth {depth}")


def _fault(certificate: Any, code: int, depth: int, ok: int) -> str | None:
    if not ok:
        return _WORDS.get(code, f"error {code}")
    if depth:
        return None
    # Browsers refuse a certificate without names; Twisted 26.10 logs the error of service_identity, and accepts it.
    seen = read(certificate)
    return None if seen and seen.names else "no name"


class VerifyingContextFactory(_ScrapyClientContextFactory):
    """Verifies certificates as Twisted does, and says what is wrong with one that is refused.

    All connections are made from one context, where Twisted would read the authorities of the system anew for each: that
    takes longer than a handshake.
    """

    _connect: Any = None

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802 - Twisted's name
        self._connect = self._connect or super().creatorForNetloc(hostname, port)._createConnection  # noqa: SLF001
        return _Options(self._connect, hostname.decode("ascii"))


class _Options(ClientTLSOptions):  # type: ignore[misc]
    def clientConnectionForTLS(self, protocol: Any) -> Any:  # noqa: N802 - Twisted's name
        connection = super().clientConnectionForTLS(protocol)
        verify = _verifyCB(protocol, self._hostnameIsDnsName, self._hostnameASCII)
        alive = ref(protocol)

        def explained(checked: Any, certificate: Any, code: int, depth: int, ok: int) -> bool:
            fault = _fault(certificate, code, depth, ok)
            if fault is None:
                return bool(verify(checked, certificate, code, depth, ok))
            if waiting := alive():
                waiting.failVerification(Failure(BadCertificateError(fault, depth)))
            return False

        connection.set_verify(VERIFY_PEER | VERIFY_FAIL_IF_NO_PEER_CERT, explained)
        return connection
