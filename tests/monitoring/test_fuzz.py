"""Whatever JSON a source is given, it is understood or refused, and never a surprise."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from monitoring.registry import sources
from monitoring.source import BadPayload, Call
from tests.monitoring.bodies import BODIES

odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def mutated(data, value):
    """The body with one part, somewhere inside, replaced by something odd."""
    inside = isinstance(value, dict | list) and value and data.draw(st.integers(0, 4))
    if not inside:
        return data.draw(odd)
    place = data.draw(
        st.sampled_from(list(value) if isinstance(value, dict) else range(len(value)))
    )
    copy = value.copy()
    copy[place] = mutated(data, value[place])
    return copy


def understood(source, body):
    with suppress(BadPayload):
        return sources[source].signals(Call(b"", body, clock.now()))
    return []


@pytest.mark.parametrize("source", [*sources])
@given(st.data())
def test_any_json_is_understood_or_refused(source, data):
    body = mutated(data, BODIES[source]("x"))

    sources[source].token_in(Call(b"", body, clock.now()))
    for signal in understood(source, body):
        said = [signal.key, signal.title, signal.description, signal.service, signal.group]
        said += [signal.url, signal.runbook_url, *signal.labels, *signal.labels.values()]
        assert signal.key
        assert signal.title
        assert len(signal.key) <= 255
        assert "\x00" not in "".join(said)
        assert "".join(said).encode() is not None


@pytest.mark.parametrize("source", [*sources])
@given(odd)
def test_any_json_at_all_is_understood_or_refused(source, body):
    sources[source].token_in(Call(b"", body, clock.now()))
    understood(source, body)
