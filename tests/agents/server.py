"""A server that speaks the protocol of chat completions, and misbehaves on demand."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

Talk = Callable[[dict[str, Any]], str]
"""From the body of a request to the text of an answer."""


@dataclass
class Endpoint:
    """The behaviour of a server, and the requests that it received."""

    talk: Talk = lambda body: "{}"
    embed: Callable[[str], Any] = lambda text: [float(len(text)), 1.0]
    """From a text to its embedding."""
    troubles: Sequence[str] = ()
    """Behaviour for each completion, in order: `fine`, or the kind of failure. After the last one all are fine."""
    models: tuple[str, ...] = ("tiny",)
    window: int | None = None
    """The model's context in tokens, reported in the way of vLLM's server."""
    key: str = ""
    """The only accepted key; empty: any."""
    refusal: tuple[int, str] | None = None
    """Status and message with which a request with a schema or a grammar is refused."""
    usage: Any = None
    """Reported instead of the numbers of tokens."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection with one request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:] if ": " in line)
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        try:
            if self.key and headers.get("authorization") != f"bearer {self.key}".lower():
                self.send(writer, 401, {"error": {"message": "wrong key"}})
            elif head.startswith("GET"):
                more = {} if self.window is None else {"max_model_len": self.window}
                listed = [
                    {"id": name, "object": "model", "created": 0, "owned_by": "us", **more} for name in self.models
                ]
                self.send(writer, 200, {"object": "list", "data": listed})
            else:
                await self.complete(writer, json.loads(body))
            await writer.drain()
        finally:
            writer.close()

    async def complete(self, writer: asyncio.StreamWriter, asked: dict[str, Any]) -> None:
        """Answer a completion, or fail as planned."""
        trouble = self.troubles[len(self.asked)] if len(self.asked) < len(self.troubles) else "fine"
        self.asked.append(asked)
        text = "x" * 10_000_000 if trouble == "endless" else self.talk(asked)
        usage = {"prompt_tokens": 10, "completion_tokens": len(text) // 4, "total_tokens": 10 + len(text) // 4}
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        reply = {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": "tiny",
            "choices": [choice],
            "usage": usage if self.usage is None else self.usage,
        }
        if "input" in asked:
            placed = [
                {"object": "embedding", "index": at, "embedding": self.embed(one)}
                for at, one in enumerate(asked["input"])
            ]
            reply = {"object": "list", "model": "tiny", "data": placed[::-1], "usage": usage}
        if self.refusal is not None and not {"response_format", "structured_outputs"}.isdisjoint(asked):
            self.send(writer, self.refusal[0], {"error": {"message": self.refusal[1]}})
            return
        match trouble:
            case "429":
                self.send(writer, 429, {"error": {"message": "slow down"}}, "Retry-After: 0.2\r\n")
            case "429 until a date":
                then = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
                self.send(writer, 429, {"error": {"message": "slow down"}}, f"Retry-After: {then}\r\n")
            case "429 until who knows":
                self.send(writer, 429, {"error": {"message": "slow down"}}, "Retry-After: soon\r\n")
            case "500":
                self.send(writer, 500, {"error": {"message": "broken"}})
            case "window":
                told = "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens."
                self.send(writer, 400, {"error": {"message": told, "code": "context_length_exceeded"}})
            case "half":
                self.send(writer, 200, reply, cut=True)
            case "silence":
                await asyncio.sleep(60)
            case "no json":
                self.raw(writer, 200, b"this is not JSON {")
            case "wrong shape":
                self.send(writer, 200, {"answer": [1, 2, {"choices": None}]})
            case "wrong types":
                self.send(writer, 200, {**reply, "choices": [{**choice, "message": {**message, "content": {"a": 1}}}]})
            case "cut off":
                self.send(writer, 200, {**reply, "choices": [{**choice, "finish_reason": "length"}]})
            case "thinking":
                thought = {**message, "content": None, "reasoning": "I wonder."}
                self.send(
                    writer, 200, {**reply, "choices": [{**choice, "message": thought, "finish_reason": "length"}]}
                )
            case "refusal":
                self.send(writer, 200, {**reply, "choices": [{**choice, "message": {**message, "refusal": "I can't"}}]})
            case _:
                self.send(writer, 200, reply)

    def send(self, writer: asyncio.StreamWriter, status: int, data: Any, more: str = "", cut: bool = False) -> None:
        """Send a JSON body, or the first half of one."""
        self.raw(writer, status, json.dumps(data).encode(), more, cut)

    def raw(self, writer: asyncio.StreamWriter, status: int, body: bytes, more: str = "", cut: bool = False) -> None:
        """Send any body."""
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{more}"
        writer.write(f"{head}Connection: close\r\n\r\n".encode() + (body[: len(body) // 2] if cut else body))


@asynccontextmanager
async def serving(endpoint: Endpoint) -> AsyncIterator[Endpoint]:
    """The endpoint on a port of this machine."""
    server = await asyncio.start_server(endpoint.handle, "127.0.0.1", 0)
    endpoint.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    async with server:
        yield endpoint


@contextmanager
def beside(endpoint: Endpoint) -> Iterator[Endpoint]:
    """The endpoint in a thread of its own, for commands, which have an event loop of their own."""
    begun, loop = threading.Event(), asyncio.new_event_loop()
    over = asyncio.Event()

    async def serve() -> None:
        async with serving(endpoint):
            begun.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    begun.wait()
    try:
        yield endpoint
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
