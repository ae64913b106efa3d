"""Whatever somebody types into an input, or a host prints: it stays one argument, one value, one text."""

import os

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as bounded
from hypothesis import strategies as st

from core import clock
from core.errors import Refused
from runbooks import services
from runbooks.crew import outcome
from runbooks.domain.inputs import TYPES
from runbooks.models import Database, Host, Run
from runbooks.step import Result
from sandbox.hosts.ssh import BIN
from tests.integrations.sshd import host
from tests.runbooks.running import TEXT, book, go, states, step

pytestmark = pytest.mark.django_db
HOSTILE = (
    "'; DROP TABLE runbooks_run; --", '"; rm -rf "$HOME"; "', "$(touch /tmp/no)", "`id`", "a\nb", "a\r\nb", "\n",
    "a\0b", "-rf", "--", "a -rf", "; true", "&& true", "| cat", "> /dev/null", "*", "~", "$HOME", "${IFS}", "\\", "\\'",
    "'", '"', "%s", "%(value)s", "%%", "{value}", "{run.id}", "{{}}", "한글 값", "🔥🧯", "\u202e", "a\tb", " ", "",
    "a" * 10_000, "'" * 5_000, "가" * 10_000, "\x7f", "\x1b[31m", "\ud800", "!!", "#", "\u2028",
)  # fmt: skip
ANYTHING = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60))
RARELY = {"max_examples": 40, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
ANY_TEXT = {"type": "text", "label": TEXT, "pattern": r"[\s\S]{1,10000}"}
WRITE = r"""for one; do printf '%s\0' "$one"; done >"$HOME/argv" """


def each_hostile(test):
    for value in HOSTILE:
        test = example(value=value)(test)
    return test


@pytest.fixture
def home(tmp_path, settings):
    settings.SSH_KEY_FILE = str(tmp_path / "id")
    (tmp_path / "home").mkdir()
    with host(tmp_path / "home", tmp_path / "id") as there:
        at = there.target
        Host.objects.create(
            name="app1", address=at.address, port=at.port, user=at.user, host_key=at.host_key
        )
        yield there.home


@pytest.fixture
def started(people):
    def start(version, **inputs):
        """The run, or None where the value was refused before anything was made."""
        before = Run.objects.count()
        try:
            return services.start(version, inputs, by=people[0], at=clock.database_now())
        except Refused:
            assert Run.objects.count() == before
            return None

    return start


def takes(value):
    return (
        0 < len(value) <= 10_000
        and not value.startswith("-")
        and "\0" not in value
        and not any("\ud800" <= one <= "\udfff" for one in value)
    )


@pytest.mark.parametrize(
    ("changes", "sudo"),
    [(True, False), (False, False), (True, True)],
    ids=["once", "reads", "root"],
)
def test_a_value_is_one_argument_at_the_host_and_stays_as_it_was_typed(
    home, started, monkeypatch, changes, sudo
):
    monkeypatch.setenv("PATH", f"{BIN}:{os.environ['PATH']}")
    Host.objects.update(sudo=sudo)
    words = ["sh", "-c", WRITE, "bongsu", "{value}", "--name={value}", "end"]
    told = {"on": "app1", "run": words, "changes": changes}
    version = book(step("a", command=told), inputs={"value": ANY_TEXT})

    @each_hostile
    @bounded(**RARELY)
    @given(value=ANYTHING)
    def arrives(value):
        run = started(version, value=value)
        assert (run is not None) is takes(value)
        if run is not None:
            assert states(go(run)) == {"1": "done"}
            argv = (home / "argv").read_bytes().split(b"\0")[:-1]
            assert argv == [value.encode(), f"--name={value}".encode(), b"end"]

    arrives()


@pytest.mark.parametrize("kind", sorted(set(TYPES)))
def test_an_input_of_any_type_is_refused_or_is_one_argument(home, started, kind):
    more = {"choices": ["yes", "no"]} if kind == "choice" else {}
    words = ["sh", "-c", WRITE, "bongsu", "{value}", "end"]
    version = book(
        step("a", command={"on": "app1", "run": words}),
        inputs={"value": {"type": kind, "label": TEXT, **more}},
    )

    for value in HOSTILE:
        run = started(version, value=value)
        if run is None:
            continue
        go(run)
        argv = (home / "argv").read_bytes().split(b"\0")[:-1]
        assert len(argv) == 2
        assert argv[1] == b"end"


def test_a_value_is_a_parameter_and_the_statement_stays_as_it_is_written(people, started):
    Database.objects.create(name="wallet")
    query = "SELECT %(value)s::text AS value, '100 %%' AS same"
    told = {"on": "wallet", "query": query, "values": {"value": "{value}"}}
    version = book(step("a", sql=told), inputs={"value": ANY_TEXT})

    @each_hostile
    @bounded(**RARELY)
    @given(value=ANYTHING)
    def arrives(value):
        run = started(version, value=value)
        assert (run is not None) is takes(value)
        if run is None:
            return
        [claim] = services.claim(run.pk, at=clock.database_now(), most=1)
        assert claim.work.settings["query"] == query
        result = outcome(claim)
        assert list(result.rows) == [{"value": value, "same": "100 %"}]
        assert services.finish(claim, result, at=clock.database_now())

    arrives()


@each_hostile
@bounded(**RARELY)
@given(value=ANYTHING)
def test_whatever_a_step_finds_can_be_kept(people, value):
    version = book(
        step("a", wait="0s", findings=[{"when": {"x": "~ a"}, "say": {"ko": "{x}", "en": "{x}"}}])
    )
    run = services.start(version, {}, by=people[0], at=clock.database_now())
    [claim] = services.claim(run.pk, at=clock.database_now(), most=1)
    found = {"x": value, "deep": [{"y": (value, float("nan"), b"\0", 1.5, None)}]}
    result = Result.done(value, output=value, rows=[found], facts=found)

    assert services.finish(claim, result, at=clock.database_now())

    assert states(run) == {"1": "done"}


def test_a_host_that_prints_nul_does_not_hold_its_run_up(home, started):
    words = ["sh", "-c", r"printf 'a\0b'"]
    version = book(step("a", command={"on": "app1", "run": words}))
    assert go(started(version)).state == "done"


@pytest.mark.parametrize("said", ["a\0b", "\ud800", "x" * 2_001])
def test_an_answer_that_no_row_can_hold_is_refused(people, started, said):
    run = go(started(book(step("a", ask={"question": TEXT}))))
    with pytest.raises(Refused):
        services.answer(run.steps.get(), {"answer": said}, by=people[0], at=clock.now())
    assert states(run) == {"1": "waiting"}
