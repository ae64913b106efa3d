from pathlib import Path

from config import children, processes
from config.options import Options


def test_only_the_signer_is_handed_the_key(monkeypatch):
    monkeypatch.setenv("TRON_KEY", "5e" * 32)

    assert "TRON_KEY" not in children.environment(Path("/nowhere"))
    others = [processes.portal("127.0.0.1", 1), processes.sandbox(), processes.guard("")]
    assert [each.secrets for each in others] == [()] * len(others)
    assert processes.signer().secrets == ["TRON_KEY"]


def test_a_signer_runs_where_there_is_a_key(monkeypatch):
    for name in ("TRON_KEY", "TRON_KEY_FILE", "TRON_NODE_URL", "BONGSU_ENV"):
        monkeypatch.delenv(name, raising=False)

    assert Options.read([]).signs
    assert not Options.read(["--no-sandbox"]).signs
    monkeypatch.setenv("TRON_NODE_URL", "https://node.example")
    assert not Options.read([]).signs
    monkeypatch.setenv("TRON_KEY_FILE", "/etc/bongsu/tron.key")
    assert Options.read([]).signs
