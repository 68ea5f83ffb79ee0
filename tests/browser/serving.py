"""The page on a port of this machine, for the tests of it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from screenshot import free_port

import app
from assistant.shelf import Shelf


@contextmanager
def serving(shelf: Shelf, made: Callable[[], Any], **options: Any) -> Iterator[str]:
    """Yield the address of the page that `made` makes; `options` are those of `app.serve`."""

    async def served() -> tuple[str, Any]:
        blocks = made()
        return app.serve(blocks, shelf, host="127.0.0.1", port=free_port(), **options), blocks

    # Without a running event loop Gradio makes some of its own and never closes them.
    address, blocks = asyncio.run(served())
    yield address
    blocks.close(verbose=False)
