"""What a browser asks for by a document's id in, the PDF that the document was read from out."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from assistant.shelf import Shelf


def original_route(shelf: Shelf) -> Callable[[Request], Response]:
    """Return what serves the PDF that a document was read from; never a path that is asked for."""

    def serve_original(request: Request) -> Response:
        ids = (request.path_params["snapshot_id"], request.path_params["document_id"])
        path = shelf.original(*ids)
        if path is None:
            return Response("There is no such file.", status_code=404, media_type="text/plain")
        headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": "inline"}
        return FileResponse(path, media_type="application/pdf", headers=headers)

    return serve_original
