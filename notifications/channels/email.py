from typing import Final

from integrations import smtp
from notifications.channel import Channel, DeliveryError, Message, Taken
from notifications.registry import channels

PERMANENT: Final = range(500, 600)  # RFC 5321: 4xx may pass later, 5xx never will


@channels.register("email")
class Email(Channel):
    """SMTP. Every attempt carries the same Message-ID, so that a mailbox can drop a repeat."""

    def send(self, message: Message, address: str) -> Taken:
        message_id = f"<{message.key}@{smtp.our_domain()}>"
        try:
            smtp.send(
                message.subject, message.text, message.html, to=address, message_id=message_id,
                name=str(message.facts.get("sender", "")),
            )  # fmt: skip
        except smtp.MailRefused as error:
            raise DeliveryError(str(error), permanent=error.code in PERMANENT) from error
        except smtp.MailUnsent as error:
            raise DeliveryError(str(error), permanent=False) from error
        except ValueError as error:  # Django refuses line breaks in headers and addresses
            raise DeliveryError(str(error), permanent=True) from error
        return Taken(message_id)
