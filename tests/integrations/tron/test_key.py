import pickle
import traceback

import pytest

from integrations.tron.signing.key import BadKey, Key, from_text

SECRET = "5e" * 32


def test_a_key_tells_its_address_and_no_more():
    key = Key(SECRET)

    assert repr(key) == f"<key of {key.address}>" == str(key)
    assert SECRET not in repr(vars(Key)) + repr(key)
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_a_traceback_about_a_key_does_not_hold_it():
    wrong = "ff" * 32

    with pytest.raises(BadKey) as refused:
        Key(wrong)

    assert wrong not in "".join(traceback.format_exception(refused.value)).replace(f'"{wrong}"', "")
    assert refused.value.__suppress_context__


def test_several_keys_are_one_a_line_or_divided_by_commas():
    assert len(from_text(f"{SECRET}\n0x{'4d' * 32}\n")) == 2
    assert len(from_text(f"{SECRET},{'4d' * 32}")) == 2
    with pytest.raises(BadKey):
        from_text(" \n")
