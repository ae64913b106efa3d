import pytest

from teams.domain.roles import Action, Role, may

TABLE = {
    "viewer": {"read"},
    "responder": {"read", "respond"},
    "commander": {"read", "respond", "command", "review"},
    "manager": {"read", "respond", "command", "review", "sign"},
    "administrator": {"read", "respond", "command", "review", "sign", "administer"},
}


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_a_role_may_exactly_what_the_table_says(role, action):
    assert may(role, action) == (action in TABLE[role])


@pytest.mark.parametrize("role", ["", "owner", "Administrator", "root"])
def test_a_role_nobody_knows_may_nothing(role):
    assert not any(may(role, action) for action in Action)


def test_an_action_nobody_listed_is_nobodys():
    assert not any(may(role, "launch") for role in Role)
