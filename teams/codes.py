"""The field of a second factor as a thumb wants it: the digits' keyboard, and ready to type."""

from typing import Any

from allauth.mfa.base import forms


class AuthenticateForm(forms.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *said: Any, **more: Any) -> None:
        super().__init__(*said, **more)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True}


class ReauthenticateForm(forms.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *said: Any, **more: Any) -> None:
        super().__init__(*said, **more)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True}
