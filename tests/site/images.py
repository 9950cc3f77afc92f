"""Pictures: a one-pixel GIF serves for all."""

from __future__ import annotations

from base64 import b64decode

from .http import Response

_PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def image(path: str) -> Response:
    kind = "gif" if path.endswith(".gif") else "png" if path.endswith(".png") else "jpeg"
    return Response(body=_PIXEL, content_type=f"image/{kind}")
