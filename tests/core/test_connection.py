import pytest
from django.db import connection


@pytest.mark.django_db
def test_a_connection_is_usable_until_the_driver_has_closed_it():
    assert connection.is_usable()

    alone = connection.copy()
    alone.connect()
    alone.connection.close()

    assert not alone.is_usable()
