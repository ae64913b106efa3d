"""What a mail looks like to whoever reads it in the dark: each of its words against what is behind them."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Browser

from core import clock
from tests.browser.conftest import PHONE, SCREENS

MAILS = sorted(Path("templates/messages").glob("*/mail.html"))
ENOUGH = 4.5
# Of each element that holds words of its own: their colour, and the first ground behind them that is not clear.
WORDS = """() => [...document.body.querySelectorAll("*")].filter(
  (one) => [...one.childNodes].some((each) => each.nodeType === 3 && each.data.trim())
).map((one) => {
  let behind = one;
  while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
  return [one.innerText, getComputedStyle(one).color, getComputedStyle(behind).backgroundColor];
})"""
FACTS = {
    "severity": "P0", "severity_name": "치명적", "number": 7, "title": "출금 중단", "services": "출금",
    "description": "https://status.example/ 을 보세요", "subject": "출금 장애", "name": "김하늘",
    "headline": "응답이 없어요", "phase": "조사 중", "company": "dantaro", "ticket": "00000000-0000-4000-8000-000000000000",
    "parts": [{"subject": "출금", "body": "https://status.example/ 을 보세요"}], "task": "로그 보관",
    "in_html": {
        "title": ("출금 지연", "ko"), "body": ("늦어지고 있어요.", "ko"),
        "components": [("출금", "ko", "전체 장애")],
    },
    "components": [("출금", "전체 장애")], "notice": SimpleNamespace(next_update_by=None),
}  # fmt: skip


@pytest.mark.parametrize("severity", ["P0", "P1", "P2", "P3"])
def test_a_mail_can_be_read_in_the_dark_and_by_day(browser: Browser, severity: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    for scheme in ("dark", "light"):
        with browser.new_context(color_scheme=scheme, viewport=PHONE) as one:
            page = one.new_page()
            for mail in MAILS:
                page.set_content(rendered(mail, severity))
                found = page.evaluate(WORDS)
                page.screenshot(path=SCREENS / f"mail-{mail.parent.name}-{scheme}.png")
                faint = [each for each in found if contrast(*each[1:]) < ENOUGH]
                assert not faint, (mail.parent.name, scheme)
                ground = page.evaluate(
                    "getComputedStyle(document.querySelector('body > div')).backgroundColor"
                )
                assert (light(ground) < 0.1) is (scheme == "dark"), (mail.parent.name, scheme)


def rendered(mail: Path, severity: str) -> str:
    with translation.override("ko"):
        at = clock.now()
        facts = FACTS | {
            "severity": severity,
            "at": at,
            "since": at,
            "due_at": at,
            "link": "https://x/",
        }
        return render_to_string(f"messages/{mail.parent.name}/mail.html", facts)


def contrast(one: str, other: str) -> float:
    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def light(colour: str) -> float:
    """Relative luminance, as WCAG reckons it."""
    red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", colour)[:3])
    parts = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
