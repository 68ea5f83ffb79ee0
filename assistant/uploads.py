"""A file that an editor's browser sends in, where it lies out; the only thing that is taken in."""

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import unquote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from assistant.editing_desk import EditingDesk
from corpus.errors import AccessError, SettingsError, ToolkitError
from corpus.readers.formats import MAX_FILE_BYTES


def upload_route(editing: EditingDesk) -> Callable[[Request], Awaitable[Response]]:
    """Return what takes a file in from whoever has an editor's token, and tells its id."""

    async def take_in(request: Request) -> Response:
        try:
            editing.door.check(request.headers.get("x-editor-token"))
        except AccessError as error:  # before a byte of the file is taken
            return JSONResponse({"fault": str(error)}, status_code=403)
        try:
            path = editing.new_file(unquote(request.headers.get("x-file-name", "")))
            await _write(request, path)
        except ToolkitError as error:
            editing.refuse(str(error))
            return JSONResponse({"fault": str(error)}, status_code=400)
        return JSONResponse({"item": path.parent.name})

    return take_in


async def _write(request: Request, path: Path) -> None:
    """Write the body of a request to a file; raises `SettingsError` for one that is too large."""
    size = 0
    try:
        with path.open("wb") as file:
            async for part in request.stream():
                size += len(part)
                if size > MAX_FILE_BYTES:
                    message = f"{path.name} is larger than {MAX_FILE_BYTES // 2**20} MiB."
                    raise SettingsError(message)
                file.write(part)
    except (SettingsError, ClientDisconnect, OSError) as error:
        shutil.rmtree(path.parent, ignore_errors=True)
        if isinstance(error, SettingsError):
            raise
        raise SettingsError(f"{path.name} did not come whole. Choose it again.") from error
