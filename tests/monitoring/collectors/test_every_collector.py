"""The contract of a collector, over the whole registry: a new one is tested by being there."""

import json
import re
import time

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from monitoring.collector import CollectError, Collector, CollectorForm
from monitoring.domain.samples import KINDS, Identity
from monitoring.registry import collectors
from tests.monitoring.collectors.examples import AT_HOME, COUNTS, EXAMPLES, SECRETS

pytestmark = [pytest.mark.parametrize("name", [*collectors]), pytest.mark.django_db]

UNITS = {"", "s", "B", "%", "/s", "B/s", "days"}


def collected(name, **more):
    collector = collectors[name]
    settings = collector.cleaned(EXAMPLES[name] | more)
    found, fault = [], None
    try:
        found.extend(collector.collect(settings, timeout=3))
    except CollectError as error:
        fault = error
    return found, fault


def test_it_says_what_it_is_in_both_languages(name):
    collector = collectors[name]
    said = {}
    for language in ("en", "ko"):
        with translation.override(language):
            said[language] = f"{collector.title} {collector.purpose}"

    assert isinstance(collector, Collector)
    assert collector.kind in KINDS
    assert str(collector.title)
    assert re.search("[가-힣]", said["ko"])
    assert not re.search("[가-힣]", said["en"])


def test_its_settings_are_a_form_that_cleans_to_json_and_takes_that_again(name):
    collector = collectors[name]
    once = collector.cleaned(EXAMPLES[name])

    again = collector.cleaned(json.loads(json.dumps(once)))

    assert issubclass(collector.form, CollectorForm)
    assert again == once
    assert set(once) == set(collector.form.base_fields)


def test_wrong_types_in_its_settings_are_refused_or_made_right(name):
    for wrong in ([], {}, None, 10**400, "\x00", "가" * 100_000, True, float("nan")):
        try:
            settings = collectors[name].cleaned(dict.fromkeys(EXAMPLES[name], wrong))
        except ValidationError:
            continue
        json.dumps(settings)


def test_what_nobody_answers_is_an_error_in_words_and_in_time(name):
    began = time.monotonic()
    found, fault = collected(name)

    assert time.monotonic() - began < 30
    if name in AT_HOME:
        assert found
        assert fault is None
    else:
        assert found == [] or name in COUNTS
        assert str(fault)
        assert "Traceback" not in str(fault)


def test_its_readings_can_be_kept(name):
    found, _fault = collected(name)

    for one in found:
        assert re.fullmatch("[a-z][a-z0-9_]*", one.name)
        assert one.unit in UNITS
        assert isinstance(one.value, (int, float))
        Identity(one.name, one.labels, unit=one.unit)
    keys = [(one.name, *sorted(one.labels.items())) for one in found]
    assert len(keys) == len(set(keys))


def test_a_secret_that_is_not_set_is_named_and_nothing_else_is_said(name):
    if name not in SECRETS:
        pytest.skip("it takes no secret")
    found, fault = collected(name, **SECRETS[name])

    assert found == []
    assert "NEVER_SET" in str(fault)


def test_its_fields_have_labels(name):
    for field in collectors[name].form.base_fields.values():
        assert isinstance(field, forms.Field)
        assert field.label


def test_it_is_in_this_test(name):
    assert name in EXAMPLES
