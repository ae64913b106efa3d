from typing import Final

from celery.worker.consumer import Consumer

DELAYING: Final = "celery.worker.consumer.delayed_delivery:DelayedDelivery"


class PlainConsumer(Consumer):
    """A worker that leaves out what Celery sets up for delayed tasks on RabbitMQ: we have none.

    It would declare 28 queues and as many exchanges, and warn of each of ours at every start.
    """

    class Blueprint(Consumer.Blueprint):  # type: ignore[valid-type,misc]  # typed as a variable
        default_steps = [step for step in Consumer.Blueprint.default_steps if step != DELAYING]
