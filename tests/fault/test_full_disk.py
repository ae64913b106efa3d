"""The disk is full for a while, under the database, the logs and all else: what was accepted is paged, once there is room."""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import running
from tests.fault.driver import NO_ANSWER, Driver
from tests.fault.promises import kept, quiet
from tests.running import Product, until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(420)]

SIZE = "900m"
SMALL = "16m"
FULL = 5.0  # seconds more
SEEN = 45.0


@contextlib.contextmanager
def mounted(place: Path, size: str) -> Iterator[Path]:
    """A small disk of its own."""
    if os.geteuid():
        pytest.skip("only root may mount a disk")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with mounted(tmp_path, SIZE) as disk:
        yield disk


@contextlib.contextmanager
def full(disk: Path) -> Iterator[None]:
    filler = disk / "filler"
    # Without a buffer: what it still held would be written, and fail, when the file is closed.
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 65536)
    try:
        yield
    finally:
        filler.unlink()


def test_while_the_disk_is_full_nothing_is_accepted_that_is_then_lost(
    tmp_path_factory: pytest.TempPathFactory,
    disk: Path,
    seed: int,
    tell: Callable[[object], None],
) -> None:
    own = running.prepared(tmp_path_factory, "full-disk")
    subprocess.run(["mv", own.home, disk], check=True)
    product = Product(disk / "home", running.free_ports(), own.api_token)
    # What reached people is written down elsewhere: it is the product's disk that is full.
    product.sandbox.journal_file = tmp_path_factory.mktemp("outside") / "journal.jsonl"
    try:
        product.start()
        product.sql(running.MOVE, product.sandbox.url)
        with Driver(product.door, rate=2, seed=seed) as driver:
            time.sleep(3)
            with full(disk):
                began = time.time()
                felt = until(lambda: not product.is_ready(), within=SEEN, every=0.5)
                seen = time.time() - began
                time.sleep(FULL)
            over = time.time()
            assert until(product.is_ready, within=90), "it did not come back"
            back = time.time() - over
        quiet(product, within=120)
        verdict = kept(product, driver, pause=SEEN + FULL + back)
    finally:
        product.end()

    tell(
        f"{'seen' if felt else 'not seen'} after {seen:.0f} s, back {back:.0f} s after there was room"
    )
    tell(f"answers {dict(driver.answers)}; {verdict}")
    assert driver.answers.keys() <= {200, 503, NO_ANSWER}
    assert driver.answers[503], "nothing was felt: nothing was proved"


@pytest.mark.parametrize("under", ["log", "tmp"])
def test_a_disk_full_under_the_logs_or_the_temporary_files_alone_stops_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    under: str,
    seed: int,
    tell: Callable[[object], None],
) -> None:
    own = running.prepared(tmp_path_factory, f"full-{under}")
    place = own.home / under
    place.mkdir(exist_ok=True)
    temporary = {"TMPDIR": str(place)} if under == "tmp" else {}
    with mounted(place, SMALL) as disk:
        product = Product(own.home, running.free_ports(), own.api_token, more=temporary)
        try:
            product.start()
            product.sql(running.MOVE, product.sandbox.url)
            with Driver(product.door, rate=2, seed=seed) as driver:
                time.sleep(3)
                with full(disk):
                    time.sleep(4 * FULL)
            quiet(product)
            verdict = kept(product, driver)
        finally:
            product.end()

    tell(f"answers {dict(driver.answers)}; {verdict}")
    assert driver.answers.keys() == {200}
