from django.conf import settings

from integrations.tron.node import Node


def first_node() -> Node:
    return Node(
        settings.TRON_NODE_URL,
        solidity_url=settings.TRON_SOLIDITY_URL,
        api_key=settings.TRON_API_KEY,
        seconds=settings.TRON_TIMEOUT,
    )


def second_node() -> Node | None:
    """Somebody else's, to agree before money moves; None where none is named. It answers everything."""
    if not settings.TRON_SECOND_NODE_URL:
        return None
    return Node(
        settings.TRON_SECOND_NODE_URL,
        api_key=settings.TRON_SECOND_API_KEY,
        seconds=settings.TRON_TIMEOUT,
    )
