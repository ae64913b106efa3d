import math
from contextlib import suppress
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from monitoring.domain.exposition import Unreadable, points
from monitoring.models import Metric
from monitoring.services import add_integration
from tests.monitoring.test_sampling import NOW, rows

NODE = """\
# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47
something_weird{problem="division by zero"} +Inf -3982045
http_request_duration_seconds_bucket{le="+Inf",} 144320
rpc_duration_seconds{ quantile = "0.01" } NaN
"""


def read(text, **more):
    return [
        (one.metric.name, one.metric.labels, one.at, one.value)
        for one in points(text, at=NOW, **more)
    ]


def test_what_prometheus_documents_is_read():
    first, _, windows, plain, weird, bucket, nan = read(NODE)

    assert first[:2] == ("http_requests_total", {"method": "post", "code": "200"})
    assert first[2].isoformat() == "2014-03-17T14:26:03+00:00"
    assert windows[1] == {"path": r"C:\DIR\FILE.TXT", "error": 'Cannot find file:\n"FILE.TXT"'}
    assert plain == ("metric_without_timestamp_and_labels", {}, NOW, 12.47)
    assert weird[3] == math.inf
    assert bucket[1] == {"le": "+Inf"}
    assert math.isnan(nan[3])


@pytest.mark.parametrize(
    "line",
    [
        "m", "m{", "m{} ", "m{a} 1", 'm{a="b" c="d"} x', 'm{a="b"', 'm{a="\\x"} 1', 'm{a="b",,} 1',
        'm{a="b",a="c"} 1', "m 1_000", "m 0x1p3", "m 1 2 3", "m 1 1.5", "1m 1", "m-n 1", "{} 1",
        "m 1 99999999999999999", "m 1 999999999999999", "m 1 # {} 2", "출금 1", "m infinity",
    ],
)  # fmt: skip
def test_what_is_not_in_the_format_is_told_by_line(line):
    with pytest.raises(Unreadable, match="line 2"):
        points(f"ok 1\n{line}\nok 2", at=NOW)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    with suppress(Unreadable):
        points(text, at=NOW)


LABELS = st.dictionaries(
    st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,9}", fullmatch=True),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    max_size=5,
)


@given(LABELS, st.floats(allow_nan=False))
def test_what_was_written_is_what_is_read(labels, value):
    escape = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
    written = ",".join(f'{name}="{text.translate(escape)}"' for name, text in labels.items())

    ((name, found, at, number),) = read(f"m{{{written}}} {value!r}")

    assert (name, found, at, number) == ("m", labels, NOW, value)


@pytest.fixture
def door(db):
    _, token = add_integration("metrics", name="hosts")
    return f"/ingest/metrics/{token}/"


def push(path, text, method="post", content_type="text/plain; version=0.0.4", **more):
    body = text if isinstance(text, bytes) else text.encode()
    return getattr(Client(), method)(path, body, content_type=content_type, **more)


def test_pushed_samples_are_stored_and_what_was_refused_is_told(door):
    old = int((clock.now() - timedelta(days=30)).timestamp() * 1000)

    answer = push(door, f'queue{{service="withdrawal"}} 7\nquiet NaN\nlate 1 {old}')

    assert answer.status_code == 200
    assert answer.json() == {
        "stored": 1,
        "repeated": 0,
        "refused": {"not a number below 1e100": 1, "older than samples are kept": 1},
    }
    assert [value for _, value in rows()] == [7]


def test_a_client_of_the_pushgateway_finds_its_door(door):
    path = f"{door}metrics/job/backup/instance/db1/zone@base64/c2VvdWwvYQ/rack@base64/="

    assert push(path, "last_success 1\n", method="put").status_code == 200

    assert Metric.objects.get().labels == {
        "job": "backup",
        "instance": "db1",
        "zone": "seoul/a",
        "rack": "",
    }


@pytest.mark.parametrize(
    ("path", "text", "content_type", "status"),
    [
        ("", "m{", "text/plain", 400),
        ("", b"m \xff", "text/plain", 400),
        ("metrics/job/a/b", "m 1", "text/plain", 400),
        ("metrics/job/a/b@base64/!", "m 1", "text/plain", 400),
        ("metrics/job/a/b-c/d", "m 1", "text/plain", 400),
        ("metrics/job/a/b/\x00", "m 1", "text/plain", 400),
        ("", "m 1 # EOF", "application/openmetrics-text", 415),
        ("", "m 1\n" * 200_000, "text/plain", 413),
        ("", "m NaN", "text/plain", 422),
    ],
)
def test_what_cannot_be_stored_is_refused(door, path, text, content_type, status):
    assert push(door + path, text, content_type=content_type).status_code == status
    assert rows() == []


def test_an_empty_push_is_no_mistake(door):
    assert push(door, "").status_code == 200
    assert rows() == []


def test_a_token_for_alerts_brings_no_samples(db):
    _, token = add_integration("generic", name="alerts")

    assert push(f"/ingest/metrics/{token}/", "m 1").status_code == 401
