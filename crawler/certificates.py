from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import NameOID
from OpenSSL.crypto import FILETYPE_ASN1, dump_certificate

from checks.model.capture import MAX_NAMES, Certificate

MAX_LENGTH = 200
"""Characters kept of an issuer or of a name: DNS allows 253, and nobody reads more."""

_UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension)


def certificate_of(received: Any) -> Certificate | None:
    """The certificate of an answer, as Twisted hands it over (``None`` over plain http); see :func:`read`."""
    return None if received is None else read(received.original)


def read(original: Any) -> Certificate | None:
    """What a certificate of pyOpenSSL says. Never raises: a certificate that cannot be read is none, and a part of one
    that cannot is left out."""
    return read_der(dump_certificate(FILETYPE_ASN1, original))


@lru_cache(maxsize=512)  # it comes with each answer of its host; OpenSSL takes none over 100 kB
def read_der(der: bytes) -> Certificate | None:
    with warnings.catch_warnings():  # of what a certificate should not hold: its issuer's affair
        warnings.simplefilter("ignore")
        try:
            found = x509.load_der_x509_certificate(der)
            expires = found.not_valid_after_utc
        except _UNREADABLE:
            return None
        return Certificate(issuer=_issuer(found), expires=expires, names=_names(found))


def _issuer(found: x509.Certificate) -> str:
    """The organisation that signed, else its common name, else all that it is called."""
    try:
        for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
            for attribute in found.issuer.get_attributes_for_oid(kind):
                if name := _cleaned(attribute.value):
                    return name
        return _cleaned(found.issuer.rfc4514_string())
    except _UNREADABLE:
        return ""


def _names(found: x509.Certificate) -> tuple[str, ...]:
    try:
        held = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, x509.UnsupportedGeneralNameType, *_UNREADABLE):
        return ()
    addresses = (str(address) for address in held.get_values_for_type(x509.IPAddress))
    names = (_cleaned(name) for name in (*held.get_values_for_type(x509.DNSName), *addresses))
    return tuple(name for name in names if name)[:MAX_NAMES]


def _cleaned(text: str | bytes) -> str:
    read = text.decode("latin-1") if isinstance(text, bytes) else text
    return " ".join("".join(char if char.isprintable() else " " for char in read).split())[:MAX_LENGTH]
