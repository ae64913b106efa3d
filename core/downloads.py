from django.http import HttpResponse
from django.utils.http import content_disposition_header


def attachment(name: str, kind: str, body: bytes | memoryview) -> HttpResponse:
    """To be saved, never shown: whatever it may be, our pages' origin does not run it."""
    answer = HttpResponse(bytes(body), content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
