import pytest

from sandbox.app import PARTIES
from sandbox.faults import Mode
from sandbox.prose import blocks_as_mrkdwn, linked, mrkdwn
from sandbox.words import EN, KO, language_for
from tests.sandbox.conftest import Sandbox, letter


def test_the_first_visit_teaches_the_next_step(sandbox: Sandbox) -> None:
    page = sandbox.http.get("/").text

    assert "Nothing has arrived yet." in page
    assert f"smtp://127.0.0.1:{sandbox.smtp_port}" in page


def test_the_newest_message_stands_first(sandbox: Sandbox) -> None:
    for text in ("first words", "second words"):
        sandbox.slack("chat.postMessage", channel="#ops", text=text)

    page = sandbox.http.get("/").text

    assert page.index("second words") < page.index("first words")


def test_a_page_speaks_the_readers_language_unless_told_otherwise(sandbox: Sandbox) -> None:
    korean = {"Accept-Language": "ko-KR,ko;q=0.9,en;q=0.8"}

    assert '<html lang="ko">' in sandbox.http.get("/", headers=korean).text
    assert '<html lang="en">' in sandbox.http.get("/?lang=en", headers=korean).text
    assert '<html lang="en">' in sandbox.http.get("/", headers={"Accept-Language": "fr"}).text


def test_nothing_received_can_run_or_load_on_the_page(sandbox: Sandbox) -> None:
    message = letter(Subject="<script>alert(1)</script>")
    message.add_alternative('<img src="https://spy.example/x"><b>hi</b>', subtype="html")
    sandbox.mail(message)

    answer = sandbox.http.get("/")

    assert "<script>alert" not in answer.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in answer.text
    assert "&lt;b&gt;hi&lt;/b&gt;" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "img-src 'self' data:" in policy


def test_a_tab_shows_one_channel(sandbox: Sandbox) -> None:
    sandbox.slack("chat.postMessage", channel="#ops", text="in slack")
    sandbox.http.post("/webhook/a", content=b"in webhook")

    page = sandbox.http.get("/?channel=webhook").text

    assert "in webhook" in page
    assert "in slack" not in page


def test_what_was_refused_has_a_tab_with_the_reason(sandbox: Sandbox) -> None:
    sandbox.break_("webhook", "fail")
    sandbox.http.post("/webhook/a", content=b"refused words")

    page = sandbox.http.get("/?channel=refused").text

    assert "refused words" in page
    assert "Refused: Fails for now" in page


def test_more_than_a_page_is_reached_by_a_link(sandbox: Sandbox) -> None:
    for number in range(51):
        sandbox.http.post(f"/webhook/receiver-{number:02}")
    oldest_shown = sandbox.inbox()[1]["id"]

    page = sandbox.http.get("/").text
    older = sandbox.http.get(f"/?before={oldest_shown}").text

    assert "receiver-00" not in page
    assert f"/?before={oldest_shown}" in page
    assert "receiver-00" in older


def test_who_has_seen_it_all_gets_nothing_new(sandbox: Sandbox) -> None:
    sandbox.http.post("/webhook/a")
    version = sandbox.http.get("/").text.partition('data-version="')[2].partition('"')[0]

    assert sandbox.http.get("/", params={"seen": version}).status_code == 204
    sandbox.http.post("/webhook/a")
    assert sandbox.http.get("/", params={"seen": version}).status_code == 200


def test_a_button_breaks_a_party_and_leads_back(sandbox: Sandbox) -> None:
    came_from = {"Referer": f"{sandbox.url}/?channel=sms&lang=ko"}
    form = {"mode": "ratelimit", "count": "3", "match": "+82", "delay": "", "retry_after": "5"}

    answer = sandbox.http.post("/faults/sms", data=form, headers=came_from)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/?channel=sms&lang=ko#faults"
    fault = sandbox.http.get("/faults.json").json()["sms"]
    assert (fault["mode"], fault["count"], fault["match"]) == ("ratelimit", 3, "+82")


def test_buttons_empty_the_inbox_and_calm_all(sandbox: Sandbox) -> None:
    sandbox.http.post("/webhook/a")
    sandbox.break_("sms", "fail")

    sandbox.http.post("/inbox/empty")
    sandbox.http.post("/faults")

    assert sandbox.inbox() == []
    assert sandbox.http.get("/faults.json").json()["sms"]["mode"] == "ok"


@pytest.mark.parametrize("name", ["sandbox.css", "sandbox.js"])
def test_the_files_of_the_page_are_served(sandbox: Sandbox, name: str) -> None:
    assert sandbox.http.get(f"/static/{name}").status_code == 200


def test_no_other_file_is_served(sandbox: Sandbox) -> None:
    assert sandbox.http.get("/static/..%2Fapp.py").status_code == 404


def test_both_languages_say_the_same_things() -> None:
    needed = {f"fault_{switch}" for party in PARTIES for switch in party.switches}
    needed |= {word for mode in Mode for word in (mode.value, f"{mode}_does")}

    assert KO.keys() == EN.keys()
    assert needed <= KO.keys()


@pytest.mark.parametrize(
    ("wished", "accepted", "language"),
    [
        ("ko", "en", "ko"),
        ("xx", "ko", "ko"),
        ("", "fr, ko;q=0.5", "ko"),
        ("", "en-US,ko", "en"),
        ("", "", "en"),
    ],
)
def test_the_language_is_chosen(wished: str, accepted: str, language: str) -> None:
    assert language_for(wished, accepted) == language


@pytest.mark.parametrize(
    ("text", "target", "after"),
    [
        ("보세요 http://a.example/x?b=1&c=2.", "http://a.example/x?b=1&amp;c=2", "</a>."),
        ("http://a.example/에서", "http://a.example/", "</a>에서"),
        ("(https://a.example/1)", "https://a.example/1", "</a>)"),
    ],
)
def test_a_link_ends_where_the_address_ends(text: str, target: str, after: str) -> None:
    woven = linked(text)

    assert f'href="{target}"' in woven
    assert after in woven


def test_only_web_addresses_become_links() -> None:
    assert linked("javascript:alert(1) <b>") == "javascript:alert(1) &lt;b&gt;"


def test_slack_marks_are_rendered_and_its_escapes_undone() -> None:
    woven = mrkdwn("*P0* a &amp; b &lt;c&gt; <https://a.example/|방>")

    assert woven.startswith("<b>P0</b> a &amp; b &lt;c&gt; <a href=")
    assert ">방</a>" in woven


def test_blocks_are_read_as_a_person_would() -> None:
    text = {"type": "mrkdwn", "text": "본문"}
    button = {"type": "button", "text": {"text": "확인했어요"}, "url": "https://a.example/1"}
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "제목"}},
        {"type": "section", "text": text, "fields": [text], "accessory": button},
        {"type": "divider"},
        {"type": "context", "elements": [text]},
    ]

    assert blocks_as_mrkdwn(blocks).splitlines() == [
        "*제목*",
        "본문",
        "본문",
        "[<https://a.example/1|확인했어요>]",
        "본문",
    ]
