"""One browser tab of one person: signs in, runs pages over Streamlit's own protocol, uploads, sends, takes files away."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from tests.load.people import Person
from tests.load.tally import Tally

DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
PATIENCE = 60
"""Seconds after which an answer counts as lost."""


class Tab:
    """`foreign`: names that this person must not be shown; `line` is the open websocket."""

    line: ClientConnection

    def __init__(self, person: Person, port: int, tally: Tally, foreign: list[bytes]) -> None:
        self.person, self.tally, self.base, self.foreign = person, tally, f"http://127.0.0.1:{port}", foreign
        self.client = httpx.AsyncClient(base_url=self.base, timeout=PATIENCE, trust_env=False)
        self.hash, self.session, self.query = "", "", ""
        self.pages: dict[str, str] = {}
        self.widgets: dict[str, Callable[[Any], None]] = {}

    async def enter(self) -> None:
        """Sign in and open the websocket."""
        start = time.perf_counter()
        page = (await self.client.get("/sign-in")).text
        form = re.search(r'name="form" value="([^"]+)"', page)
        assert form, "no form on the sign-in page"
        answer = await self.client.post("/sign-in", data={"form": form[1], "name": self.person.name, "password": self.person.password},
                                        headers={"origin": self.base})  # fmt: skip
        assert answer.status_code == 303, f"not let in: {answer.status_code}"
        self.tally.signing_in.append(time.perf_counter() - start)
        await self.client.get("/_stcore/health")  # its answer carries the token that uploads need
        self.tally.requests += 3
        jar = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        self.line = await connect(
            f"ws{self.base[4:]}/_stcore/stream", subprotocols=["streamlit", "PLACEHOLDER_AUTH_TOKEN"], max_size=None, compression=None,
            additional_headers={"cookie": jar, "origin": self.base}, proxy=None, ping_interval=None, open_timeout=PATIENCE,
        )  # fmt: skip

    async def leave(self) -> None:
        """Close the tab."""
        await self.line.close()
        await self.client.aclose()

    async def run(self, page: str = "", pressed: str = "") -> list[Any]:
        """One script run of a page; the elements that came."""
        back = BackMsg()
        again = back.rerun_script
        again.query_string, again.page_name = self.query, page
        again.page_script_hash = self.pages.get(page, "" if page else self.hash)
        context = again.context_info
        context.timezone, context.locale, context.url = "Asia/Shanghai", "zh-CN", f"{self.base}/{page}"
        for id, write in self.widgets.items():
            state = again.widget_states.widgets.add()
            state.id = id
            write(state)
        if pressed:
            state = again.widget_states.widgets.add()
            state.id, state.trigger_value = pressed, True
        self.tally.requests += 1
        await self.line.send(back.SerializeToString())
        found: list[Any] = []
        came: list[bytes] = []
        async with asyncio.timeout(PATIENCE):
            while True:
                data = await self.line.recv()
                assert isinstance(data, bytes)
                came.append(data)
                message = ForwardMsg.FromString(data)
                kind = message.WhichOneof("type")
                if kind == "delta":
                    self._look(message, found)
                elif kind == "new_session":
                    self.hash = message.new_session.page_script_hash
                    self.session = message.new_session.initialize.session_id or self.session
                elif kind == "navigation":
                    self.hash = message.navigation.page_script_hash
                    self.pages = {known.url_pathname: known.page_script_hash for known in message.navigation.app_pages}
                elif kind == "script_finished" and message.script_finished in DONE:
                    break
        whole = b"\n".join(came)
        self.search(whole)
        if self.person.name.encode() not in whole:
            self.tally.crossed[f"a page of {self.person.role} without their own name"] += 1
        return found

    def _look(self, message: Any, found: list[Any]) -> None:
        """Keep an element; note one that says that a page broke."""
        if message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            found.append(element)
            body = element.alert.body if element.WhichOneof("type") == "alert" else ""
            if element.WhichOneof("type") == "exception" or "TB-" in body:
                self.tally.errors[f"a page broke: {(body or element.exception.message)[:120]}"] += 1

    def search(self, data: bytes) -> None:
        """Look for names of others' units in what came."""
        for name in self.foreign:
            if name in data:
                self.tally.crossed[f"{self.person.role} of {self.person.unit} was given {name.decode()}"] += 1

    async def _answer(self, back: BackMsg, kind: str) -> Any:
        self.tally.requests += 1
        await self.line.send(back.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while True:
                message = ForwardMsg.FromString(await self.line.recv())
                if message.WhichOneof("type") == kind:
                    return getattr(message, kind)

    async def take(self, button: Any) -> bytes:
        """Press a download button and fetch the file; b"" and an error where there is none."""
        back = BackMsg()
        asked = back.backend_operation_request
        asked.request_id, asked.session_id, asked.deferred_file.file_id = (
            secrets.token_hex(4),
            self.session,
            button.deferred_file_id,
        )
        url = (await self._answer(back, "backend_operation_response")).deferred_file.url
        answer = await self.client.get(url) if url else None
        self.tally.requests += 1
        if answer is None or answer.status_code != 200:
            self.tally.errors[f"a download was answered {answer.status_code if answer else 'nothing'}"] += 1
            return b""
        self.tally.taken += 1
        return answer.content

    async def give(self, uploader: str, name: str, data: bytes) -> None:
        """Hand a file over as the browser does: ask for an address, put it there, name it in the widget's state."""
        back = BackMsg()
        asked = back.file_urls_request
        asked.request_id, asked.session_id = secrets.token_hex(4), self.session
        asked.file_names.append(name)
        [urls] = (await self._answer(back, "file_urls_response")).file_urls
        token = self.client.cookies.get("_streamlit_xsrf", "").strip('"')
        answer = await self.client.put(
            urls.upload_url, files={"file": (name, data)}, headers={"x-xsrftoken": token, "origin": self.base}
        )
        self.tally.requests += 1
        if answer.status_code not in (200, 204):
            self.tally.errors[f"an upload was answered {answer.status_code} {answer.text[:100]}"] += 1

        def write(state: Any) -> None:
            info = state.file_uploader_state_value.uploaded_file_info.add()
            info.file_id, info.name, info.size = urls.file_id, name, len(data)
            info.file_urls.CopyFrom(urls)

        self.widgets = {uploader: write}
