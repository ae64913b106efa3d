"""What may be kept is judged by its content, and its name is made harmless."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.domain.evidence import LONGEST_NAME, fits, safe_name, type_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0JFIF", "image/jpeg"),
        (b"GIF89a;<script>alert(1)</script>", "image/gif"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", None),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\n%PDF-1.7", "text/plain"),
        ("시각,높이\n03:00,67123\n".encode(), "text/plain"),
        (b"\xef\xbb\xbf{}", "text/plain"),
        (b"\x1b[31merror\x1b[0m\n", "text/plain"),
        (b"<html><script>alert(1)</script>", "text/plain"),
        (b"a\x00b", None),
        ("출금".encode("cp949"), None),
        ("출금".encode("utf-16"), None),
        (b"PK\x03\x04", None),
        (b"MZ\x90\x00", None),
        (b"\x7fELF\x02", None),
        (b"\x89PNG", None),
    ],
)
def test_what_it_is_shows_in_its_first_bytes(body, kind):
    assert type_of(body) == kind


@pytest.mark.parametrize(
    ("name", "kind", "does"),
    [
        ("a.png", "image/png", True),
        ("A.PNG", "image/png", True),
        ("a.png", "text/plain", False),
        ("a.html", "text/plain", False),
        ("a.svg", "text/plain", False),
        ("a.png.html", "text/plain", False),
        ("png", "image/png", False),
        ("log", "text/plain", False),
        ("a.", "text/plain", False),
    ],
)
def test_a_file_is_what_its_name_says(name, kind, does):
    assert fits(name, kind) is does


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\logs\\sig-01.log", "sig-01.log"),
        ("a\x00b\r\n.txt", "ab.txt"),
        ("sig\u202egnp.txt", "siggnp.txt"),
        ("...hidden.txt", "hidden.txt"),
        ("  서명   노드 .log", "서명 노드 .log"),
        (unicodedata.normalize("NFD", "서명.log"), "서명.log"),
        ("", "evidence"),
        (".", "evidence"),
        ("/", "evidence"),
    ],
)
def test_a_name_loses_what_could_hurt(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_any_name_becomes_a_short_one_of_one_line(name):
    safe = safe_name(name)

    assert 0 < len(safe) <= LONGEST_NAME
    assert not {"/", "\\", "\n", "\r", "\x00", "\u202e"} & set(safe)
    assert safe_name(safe) == safe
