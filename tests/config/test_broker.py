import shutil
from queue import Empty

import pytest
from kombu import Connection


@pytest.fixture
def channel(tmp_path):
    folders = {name: str(tmp_path / "queue") for name in ("data_folder_in", "data_folder_out")}
    (tmp_path / "queue").mkdir()
    options = folders | {"control_folder": str(tmp_path / "control")}
    with Connection(transport="config.broker:Transport", transport_options=options) as connection:
        yield connection.channel()


def test_what_is_put_is_got_once(channel):
    channel._put("page", {"task": "incidents.tick"})

    assert channel._get("page") == {"task": "incidents.tick"}
    with pytest.raises(Empty):
        channel._get("page")


def test_a_message_that_is_only_begun_is_not_seen(channel, tmp_path):
    (tmp_path / "queue" / "1_a.page.msg.new").write_text("")

    with pytest.raises(Empty):
        channel._get("page")


def test_a_folder_that_was_removed_is_an_empty_queue_and_comes_back(channel, tmp_path):
    shutil.rmtree(tmp_path / "queue")

    with pytest.raises(Empty):
        channel._get("page")
    channel._put("page", {})
    assert channel._get("page") == {}
