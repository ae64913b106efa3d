from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from monitoring.domain.certificates import ends_at

START = datetime(1961, 1, 1, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())


def certificate(ends: datetime, name: str = "bongsu.example") -> bytes:
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who)
        .public_key(KEY.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(datetime(1960, 1, 1, tzinfo=UTC)).not_valid_after(ends)
        .sign(KEY, hashes.SHA256())
    )  # fmt: skip
    return made.public_bytes(Encoding.DER)


@given(
    st.integers(0, 100_000_000).map(lambda minutes: START + timedelta(minutes=minutes)),
    st.text("abc", min_size=1, max_size=64),
)
def test_it_ends_when_another_library_says_so(ends, name):
    assert ends_at(certificate(ends, name)) == ends


def test_two_digits_of_a_year_are_of_1950_to_2049():
    for year in (1961, 1999, 2000, 2049, 2050):
        assert ends_at(certificate(datetime(year, 6, 1, tzinfo=UTC))).year == year


@given(st.binary(max_size=200))
def test_what_is_no_certificate_is_refused(data):
    with pytest.raises(ValueError):
        ends_at(data)


def test_one_that_is_cut_off_is_refused():
    whole = certificate(datetime.now(UTC) + timedelta(days=90))
    for size in range(len(whole)):
        with pytest.raises(ValueError):
            ends_at(whole[:size])
