"""Certificates for the servers of tests: good ones, and all that may be wrong with one."""

from __future__ import annotations

import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID


class Fault(StrEnum):
    EXPIRED = "expired"
    OTHER_NAME = "other-name"
    SELF_SIGNED = "self-signed"
    UNKNOWN = "unknown"
    INCOMPLETE = "incomplete"
    NAMELESS = "nameless"


def server_context(authority: trustme.CA, host: str, fault: Fault | None = None) -> ssl.SSLContext:
    """The side of a server of that name; its certificate holds for nine days more, or ended two days ago."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if fault in {Fault.SELF_SIGNED, Fault.NAMELESS}:
        _load(context, _by_hand(host) if fault is Fault.SELF_SIGNED else _by_hand(host, authority))
        return context
    signer = {Fault.UNKNOWN: trustme.CA, Fault.INCOMPLETE: authority.create_child_ca}.get(fault, lambda: authority)()
    end = datetime.now(UTC) + timedelta(days=-2 if fault is Fault.EXPIRED else 9)
    name = "autre.example" if fault is Fault.OTHER_NAME else host
    issued = signer.issue_cert(name, not_before=end - timedelta(days=90), not_after=end)
    if fault is Fault.INCOMPLETE:
        _load(context, issued.private_key_pem.bytes() + issued.cert_chain_pems[0].bytes())
    else:
        issued.configure_cert(context)
    return context


def _load(context: ssl.SSLContext, pem: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(pem)
        file.flush()
        context.load_cert_chain(file.name)


def _by_hand(host: str, authority: trustme.CA | None = None) -> bytes:
    """What trustme does not make: signed by itself, or by the authority and without a name."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.load_pem_x509_certificate(authority.cert_pem.bytes()).subject if authority else None
    draft = _draft(key, [] if authority else [x509.DNSName(host)], issuer, common_name=host)
    signer = load_pem_private_key(authority.private_key_pem.bytes(), None) if authority else key
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + draft.sign(signer, SHA256()).public_bytes(Encoding.PEM)


def self_signed(key: ec.EllipticCurvePrivateKey, names: list[x509.GeneralName], **called: str) -> x509.Certificate:
    """A certificate that its own holder signed, ``called`` by names of attributes in lower case."""
    return _draft(key, names, **called).sign(key, SHA256())


def _draft(
    key: ec.EllipticCurvePrivateKey, names: list[x509.GeneralName], issuer: x509.Name | None = None, **called: str
) -> x509.CertificateBuilder:
    attributes = [x509.NameAttribute(getattr(NameOID, kind.upper()), text) for kind, text in called.items()]
    name, now = x509.Name(attributes), datetime.now(UTC)
    draft = x509.CertificateBuilder(
        issuer_name=name if issuer is None else issuer,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - timedelta(days=1),
        not_valid_after=now + timedelta(days=9),
    )
    if names:
        return draft.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return draft
