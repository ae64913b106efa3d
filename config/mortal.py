import logging
import os
from typing import Any

from celery.apps.worker import Worker
from celery.platforms import EX_FAILURE


class MortalWorker(Worker):
    """Dies at once of what it cannot go on from, such as a broker that left in the middle of an answer.

    Its successor is there in a moment and takes up what it leaves; a farewell to a broker that is gone may never end.
    """

    def stop(self, in_sighandler: bool = False, exitcode: int | None = None, **rest: Any) -> None:
        if exitcode == EX_FAILURE and not in_sighandler:
            logging.shutdown()
            os._exit(EX_FAILURE)
        super().stop(in_sighandler=in_sighandler, exitcode=exitcode, **rest)
