import smtplib
from email.utils import parseaddr
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from notifications.channel import Channel, DeliveryError, Message
from notifications.registry import channels

PERMANENT: Final = range(500, 600)  # RFC 5321: 4xx may pass later, 5xx never will


@channels.register("email")
class Email(Channel):
    """SMTP. Every attempt carries the same Message-ID, so that a mailbox can drop a repeat."""

    def send(self, message: Message, address: str) -> str:
        message_id = f"<{message.key}@{_domain()}>"
        mail = EmailMultiAlternatives(
            subject=" ".join(message.subject.split()),
            body=message.text,
            to=[address],
            headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
            connection=get_connection(timeout=settings.EMAIL_TIMEOUT),
        )
        mail.attach_alternative(message.html, "text/html")
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise _refused(code, text) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except ValueError as error:  # Django refuses line breaks in headers and addresses
            raise DeliveryError(str(error), permanent=True) from error
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(str(error) or "no connection", permanent=False) from error
        return message_id


def _refused(code: int, text: bytes | str) -> DeliveryError:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return DeliveryError(f"{code} {words}", permanent=code in PERMANENT)


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
