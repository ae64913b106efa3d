import pytest

from core.registry import Registry


class Bell: ...


@pytest.fixture
def bells():
    registry = Registry("tests.bells")
    registry.register("door")(Bell)
    return registry


def test_a_taken_name_is_refused(bells):
    with pytest.raises(ValueError, match=r"tests\.bells: the name 'door' is already taken"):
        bells.register("door")(Bell)


def test_a_name_nobody_took_is_a_key_error(bells):
    assert "window" not in bells
    with pytest.raises(KeyError):
        bells["window"]


def test_a_package_that_is_not_there_speaks_at_start():
    with pytest.raises(ModuleNotFoundError):
        Registry("tests.nowhere").discover()


def test_what_registered_is_found_by_its_name(bells):
    assert isinstance(bells["door"], Bell)


def test_names_and_choices_come_in_order(bells):
    bells.register("alarm")(Bell)

    assert list(bells) == ["alarm", "door"]
    assert bells.choices() == [("alarm", "alarm"), ("door", "door")]


def test_registering_leaves_the_class_as_it_was(bells):
    assert bells.register("cow")(Bell) is Bell
