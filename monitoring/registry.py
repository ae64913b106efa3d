from typing import TYPE_CHECKING

from core.registry import Registry

if TYPE_CHECKING:
    from monitoring.source import Source

sources: "Registry[Source]" = Registry("monitoring.sources")
