"""A certificate of our own making for 127.0.0.1, and who answers with it."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.server import Talk

LONG_AGO = timedelta(days=5)


def certified(folder: Path, *, ends_in: timedelta = timedelta(days=1)) -> Path:
    """A file with the key and the certificate."""
    now, key = datetime.now(UTC), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "우리 서버")])
    place = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(7).not_valid_before(now - LONG_AGO).not_valid_after(now + ends_in)
        .add_extension(place, critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


def encrypting(certificate: Path, answer: bytes) -> Talk:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def talk(visitor: socket.socket) -> None:
        with context.wrap_socket(visitor, server_side=True) as encrypted:
            encrypted.recv(65536)
            encrypted.sendall(answer)

    return talk
