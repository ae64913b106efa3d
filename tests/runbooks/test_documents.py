from contextlib import suppress

import pytest
from django.utils.translation import activate, override
from hypothesis import given
from hypothesis import strategies as st

from runbooks.domain.documents import Kinds, read
from runbooks.domain.inputs import Input, Unfit, value_of, values_of
from runbooks.domain.placeholders import Missing, filled, names_in
from runbooks.domain.planning import plan
from runbooks.domain.writing import Both, Wrong, duration
from runbooks.reading import document_of


@pytest.fixture(autouse=True)
def in_english():
    activate("en")


KINDS = Kinds({"command", "wait", "for_each", "runbook"}, {"for_each"})
TEXT = {"ko": "글", "en": "text"}


def written(**more):
    steps = [{"name": "first", "title": TEXT, "wait": "1s"}]
    return {"title": TEXT, "summary": TEXT, "steps": steps} | more


def step(**more):
    return {"name": "one", "title": TEXT, "wait": "1s"} | more


def test_a_document_is_read_with_all_it_says():
    document = read(written(starts_by_itself=True, when={"scenarios": ["system-down"]}), KINDS)
    assert document.title == Both("글", "text")
    assert document.when.scenarios == ("system-down",)
    assert [one.name for one in document.walk()] == ["first"]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("text", "names with values"),
        (written(title="one language"), "title: a text in both languages"),
        (written(color="red"), "color: not known"),
        (written(steps=[]), "steps: a list of steps"),
        (written(steps=[step(name="Große")]), "name: small letters"),
        (written(steps=[{"name": "one", "title": TEXT}]), "it does exactly one of"),
        (written(steps=[step(command=["true"])]), "it does exactly one of"),
        (written(steps=[step(), step()]), "the name is taken"),
        (written(steps=[step(wait="{never}")]), "{never} is no input"),
        (written(steps=[step(timeout="soon")]), "timeout: a length of time"),
        (written(steps=[step(retries=2)]), "only what is idempotent"),
        (written(steps=[step(dangerous="yes")]), "dangerous: true or false"),
        (written(steps=[step(findings=[{"say": TEXT, "when": {"a": "9"}}])]), "a comparison"),
        (written(inputs={"n": {"type": "number", "label": TEXT, "most": 5, "default": 6}}), "default"),
        (written(inputs={"c": {"type": "choice", "label": TEXT}}), "choices: what may be chosen"),
        (written(inputs={"t": {"type": "text", "label": TEXT, "pattern": "("}}), "pattern"),
        (written(inputs={"h": {"type": "hosts", "label": TEXT, "of": "pool"}}), "an input that is a pool"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(given, fault):
    with pytest.raises(Wrong) as wrong:
        read(given, KINDS)
    assert fault in str(wrong.value)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (written(title="한국어"), "title: {ko: …, en: …}처럼 두 언어로 된 글이어야 해요"),
        (written(when={"color": "red"}), "when.color: 알 수 없는 이름이에요. 쓸 수 있는 것: alerts, scenarios, services"),
        (written(steps=[step(timeout="soon")]), "steps[1] one.timeout: 500ms, 30s, 5min, 2h, 1d 같은 시간 길이여야 해요"),
        (written(steps=[step(wait="{never}")]), "one: {never}은(는) 입력도, 항목도, 앞선 단계도 아니에요"),
        (written(inputs={"n": {"type": "number", "label": TEXT, "most": 5, "default": 6}}),
         "inputs.n.default: 0에서 5 사이의 정수여야 해요"),
    ],
)  # fmt: skip
def test_a_fault_is_told_in_korean_with_the_same_place(given, fault):
    with pytest.raises(Wrong) as wrong:
        read(given, KINDS)
    with override("ko"):
        assert fault in str(wrong.value).splitlines()


def test_all_faults_are_told_at_once():
    with pytest.raises(Wrong) as wrong:
        read(written(title=1, steps=[step(timeout="x"), step(name="two", wait="{no}")]), KINDS)
    assert len(wrong.value.faults) >= 3


def test_facts_of_an_earlier_step_may_be_used_and_of_a_later_one_not():
    read(written(steps=[step(), step(name="two", wait="{one.pause}")]), KINDS)
    with pytest.raises(Wrong):
        read(written(steps=[step(wait="{two.pause}"), step(name="two")]), KINDS)


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x",
        "title: 1\ntitle: 2",
        "{" * 2000,
        "!!python/object/apply:os.system [true]",
        "\t- x",
    ],
)
def test_yaml_that_is_none_or_too_clever_is_refused(text):
    with pytest.raises(Wrong):
        document_of(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_whatever_is_given_is_read_or_refused(given):
    for body in (given, written(steps=given), written(inputs=given), written(steps=[given])):
        with suppress(Wrong):
            read(body, KINDS)


def test_a_plan_has_a_lane_for_each_item():
    document = read(
        written(
            inputs={"hosts": {"type": "hosts", "label": TEXT}},
            steps=[
                {
                    "name": "each",
                    "title": TEXT,
                    "for_each": {"items": "{hosts}", "as": "host", "at_once": 2},
                    "steps": [{"name": "say", "title": TEXT, "command": ["echo", "{host}"]}],
                },
                {
                    "name": "last",
                    "title": TEXT,
                    "runbook": {"key": "inner", "with": {"pause": "3s"}},
                },
            ],
        ),
        KINDS,
    )
    inner = read(
        written(
            inputs={"pause": {"type": "duration", "label": TEXT}},
            steps=[step(name="inside", wait="{pause}")],
        ),
        KINDS,
    )
    laid = plan(document, {"hosts": ["app1", "app2"]}, find={"inner": inner}.__getitem__)
    assert ["/".join(one.path) for one in laid] == ["1", "1/app1/1", "1/app2/1", "2", "2/-/1"]
    assert [one.scope.get("host") for one in laid[1:3]] == ["app1", "app2"]
    assert laid[-1].prefix == "last."
    assert laid[-1].scope == {"pause": "3s"}


@pytest.mark.parametrize(
    ("one", "value", "kept"),
    [
        (Input("text", Both("", "")), "app1.internal", "app1.internal"),
        (Input("number", Both("", ""), least=1, most=9), "7", 7),
        (Input("duration", Both("", "")), "30s", "30s"),
        (Input("choice", Both("", ""), choices=("a", "b")), "b", "b"),
        (Input("hosts", Both("", "")), ["a", "b", "a"], ["a", "b"]),
        (Input("flag", Both("", "")), "on", True),
    ],
)
def test_a_value_that_fits_is_kept(one, value, kept):
    assert value_of("x", one, value) == kept


@pytest.mark.parametrize(
    ("one", "value"),
    [
        (Input("text", Both("", "")), "a b"),
        (Input("text", Both("", "")), "-rf"),
        (Input("text", Both("", "")), "$(reboot)"),
        (Input("text", Both("", "")), "a\n"),
        (Input("text", Both("", ""), pattern=".*"), "--force"),
        (Input("number", Both("", ""), most=9), 10),
        (Input("number", Both("", "")), True),
        (Input("duration", Both("", ""), most=60), "2min"),
        (Input("choice", Both("", ""), choices=("a",)), "b"),
        (Input("hosts", Both("", "")), ["a; reboot"]),
        (Input("flag", Both("", "")), "maybe"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(one, value):
    with pytest.raises(Unfit):
        value_of("x", one, value)


def test_what_is_no_input_is_refused_and_what_lacks_named():
    inputs = {"x": Input("text", Both("", ""))}
    with pytest.raises(Unfit, match="no such input"):
        values_of(inputs, {"x": "a", "y": "b"})
    with pytest.raises(Unfit, match="a value is needed"):
        values_of(inputs, {})


@given(st.text())
def test_a_value_is_put_in_whole_and_never_read_again(value):
    argv = ["run", "--to={name}", "{name}", "{other.fact}"]
    got = filled(argv, {"name": value, "other": {"fact": value}})
    assert got == ["run", f"--to={value}", value, value]


def test_a_value_that_does_not_fit_is_refused_in_both_languages():
    with pytest.raises(Unfit) as unfit:
        values_of({"x": Input("number", Both("", ""), most=9)}, {"x": 10})
    with override("en"):
        assert str(unfit.value) == "x: a whole number from 0 to 9"
    with override("ko"):
        assert str(unfit.value) == "x: 0에서 9 사이의 정수여야 해요"


def test_a_list_is_no_part_of_a_text():
    assert filled("{hosts}", {"hosts": ["a"]}) == ["a"]
    with pytest.raises(Missing):
        filled("on {hosts}", {"hosts": ["a"]})
    with pytest.raises(Missing):
        filled("{step.fact}", {"step": {}})


def test_placeholders_are_found_at_any_depth():
    assert names_in({"a": ["{x}", {"b": "y {z.w}"}], "c": 3}) == {"x", "z.w"}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("500ms", 0.5), ("30s", 30), ("5min", 300), ("1.5h", 5400), ("1d", 86_400)],
)
def test_lengths_of_time(text, seconds):
    assert duration(text, "").total_seconds() == seconds


def test_on_and_no_are_words_and_only_true_and_false_are_flags():
    source = """
title: {ko: a, en: a}
summary: {ko: a, en: a}
steps:
  - {name: one, title: {ko: a, en: a}, dangerous: true, command: {on: no, run: [truncate, false, falsehood]}}
"""
    [step] = document_of(source).steps
    assert (step.settings["on"], step.dangerous) == ("no", True)
    assert step.settings["run"] == ["truncate", False, "falsehood"]
