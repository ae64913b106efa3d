from notifications import telephony
from notifications.channel import Channel, Message, Taken
from notifications.registry import channels


@channels.register("sms")
class Sms(Channel):
    def send(self, message: Message, address: str) -> Taken:
        return telephony.text(
            address, message.short, since=message.first_tried_at, callback=message.status
        )

    def find(self, message: Message, address: str) -> Taken | None:
        look = telephony.texted(address, message.short, message.first_tried_at)
        return telephony.found(look)
