from typing import TYPE_CHECKING

from core.registry import Registry

if TYPE_CHECKING:
    from maintenance.job import Job

jobs: "Registry[Job]" = Registry("maintenance.jobs")
