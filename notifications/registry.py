from typing import TYPE_CHECKING

from core.registry import Registry

if TYPE_CHECKING:
    from notifications.channel import Channel

channels: "Registry[Channel]" = Registry("notifications.channels")
