"""What a browser is sent: byte for byte as the RFC's own example, and readable by a receiver written apart."""

import os

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from integrations import web_push
from integrations.web_push import Browser, decode, encode
from sandbox import push

# RFC 8291, section 5 and appendix A
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
RECEIVER_PUBLIC = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SENT = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def private(text):
    return ec.derive_private_key(int.from_bytes(decode(text)), ec.SECP256R1())


def browser(key, auth):
    return Browser("https://push.example/x", encode(push._point(key)), encode(auth))


def test_the_example_of_rfc_8291():
    example = Browser("https://push.example/x", RECEIVER_PUBLIC, AUTH)
    words = b"When I grow up, I want to be a watermelon"
    assert encode(web_push._encrypted(words, example, private(SENDER), decode(SALT))) == SENT
    assert push.decrypted(decode(SENT), private(RECEIVER), decode(AUTH)) == words


@given(st.binary(max_size=3993))
def test_a_browser_reads_what_was_sent_and_no_other_does(content):
    key, auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
    sealed = web_push.encrypted(content, browser(key, auth))
    assert len(sealed) <= 4096
    assert push.decrypted(sealed, key, auth) == content
    with pytest.raises(Exception, match="cannot be decrypted"):
        push.decrypted(sealed, key, os.urandom(16))


def test_a_push_service_knows_whose_it_is_and_that_it_is_for_it():
    said = web_push.authorization("https://push.example:8443/x/y", "mailto:ops@example.com")
    assert push.signed_by(said, audience="https://push.example:8443") == web_push.public_key()
    for spoilt in (said.replace(", k=B", ", k=A"), said[:-100], said.replace("t=e", "t=f")):
        with pytest.raises(Exception, match="401"):
            push.signed_by(spoilt, audience="https://push.example:8443")
    with pytest.raises(Exception, match="403"):
        push.signed_by(said, audience="https://other.example")


@pytest.mark.parametrize("text", ["", "AAAA", "!!!", RECEIVER, RECEIVER_PUBLIC[:-2] + "AA"])
def test_what_is_no_key_of_a_browser(text):
    with pytest.raises(ValueError):
        web_push.public_of(text)
