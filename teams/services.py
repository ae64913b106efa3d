from core import tokens
from teams.models import ApiToken, User


def new_api_token(user: User, *, name: str, scope: str) -> str:
    """The token itself, seen only here; the database keeps its hash."""
    token = tokens.new_token(40)
    ApiToken.objects.create(
        user=user, name=name, scope=scope, prefix=token[:4], token_hash=tokens.hashed(token)
    )
    return token
