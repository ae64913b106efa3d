"""What the portal's parent has loaded, each start and each megabyte pays for: libraries of one job stay out."""

import sys

from tests.racers import FORKED

ONE_JOB = {"weasyprint", "fontTools", "PIL", "sandbox", "IPython", "polib", "pip", "setuptools"}


def loaded() -> set[str]:
    import config.family  # noqa: F401 - beside the addresses, which are loaded by then

    return {name for name in sys.modules if "." not in name}


def test_the_parent_of_all_loads_no_library_that_one_job_needs():
    with FORKED.Pool(1) as pool:
        found = pool.apply(loaded)

    assert {"incidents", "celery", "granian"} <= found
    assert not found & ONE_JOB
