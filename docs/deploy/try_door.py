"""Signs in through nginx and looks at the websocket: `try_door.py PORT CERTIFICATE FILE`, called by try.sh; FILE holds what `user add` printed.

A stranger's upgrade is refused and brings nothing; somebody who has signed in gets 101 and, over it, the page. Exit 1 if not.
"""

from __future__ import annotations

import re
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

NEW = "blue lamp 47 river"


def upgraded(base: str, trust: ssl.SSLContext, cookies: Mapping[str, str]) -> tuple[int, str]:
    """The status of the upgrade, and what came: the page's text after 101, else the answer's body."""
    jar = "; ".join(f"{name}={value}" for name, value in cookies.items())
    try:
        with connect(f"wss{base[5:]}/_stcore/stream", ssl=trust, origin=base, subprotocols=["streamlit"], additional_headers={"Cookie": jar},
                     max_size=None, proxy=None, open_timeout=30) as line:  # fmt: skip
            ask = BackMsg()
            ask.rerun_script.query_string, ask.rerun_script.page_name = "lang=zh", "catalogue"
            line.send(ask.SerializeToString())
            sent = b""
            while True:
                data = line.recv(timeout=60)
                sent += data
                if ForwardMsg.FromString(data).WhichOneof("type") == "script_finished":
                    return line.response.status_code if line.response else 0, sent.decode("utf-8", "replace")
    except InvalidStatus as refused:
        return refused.response.status_code, refused.response.body.decode("utf-8", "replace")


def said(what: str, fine: bool, got: object) -> bool:
    """Print one line."""
    print(f"{'ok     ' if fine else 'FAILED '} {what}: {got}")
    return fine


def form(client: httpx.Client, page: str) -> str:
    """The token of a page's form."""
    found = re.search(r'name="form" value="([^"]+)"', client.get(page).text)
    return found[1] if found else ""


def main(port: str, certificate: str, printed: str) -> int:
    """Stranger, sign-in, first password, websocket, sign-out, websocket."""
    base, trust = f"https://localhost:{port}", ssl.create_default_context(cafile=certificate)
    first = Path(printed).read_text(encoding="utf-8").split()[-1]
    client = httpx.Client(base_url=base, verify=trust, trust_env=False, timeout=30, headers={"origin": base})
    fine = []
    for who, cookies in (("a stranger", {}), ("a made-up cookie", {"townboard_session": "abc.def"})):
        status, body = upgraded(base, trust, cookies)
        fine.append(said(f"websocket for {who}", status in (401, 403) and len(body) < 40, f"{status}, {len(body)} bytes"))
    page = client.get("/overview", follow_redirects=True)
    fine.append(
        said("a page for a stranger is the sign-in", page.url.path == "/sign-in" and 'id="root"' not in page.text, page.url.path)
    )
    answer = client.post("/sign-in", data={"form": form(client, "/sign-in"), "name": "tester", "password": first})
    cookie = answer.headers.get("set-cookie", "")
    fine.append(
        said(
            "signing in",
            answer.status_code == 303 and "Secure" in cookie and "HttpOnly" in cookie,
            f"{answer.status_code}, cookie Secure and HttpOnly",
        )
    )
    status, body = upgraded(base, trust, dict(client.cookies))
    fine.append(said("websocket with the first password", status in (401, 403), status))
    answer = client.post("/password", data={"form": form(client, "/password"), "old": first, "new": NEW, "again": NEW, "to": "/"})
    fine.append(said("choosing a password", answer.status_code == 303, answer.status_code))
    status, body = upgraded(base, trust, dict(client.cookies))
    fine.append(
        said(
            "websocket after signing in", status == 101 and "指标与口径" in body, f"{status}, {len(body)} characters of the page"
        )
    )
    kept = dict(client.cookies)
    client.post("/sign-out", data={"form": form(client, "/password")})
    status, body = upgraded(base, trust, kept)
    fine.append(said("websocket after signing out", status in (401, 403) and len(body) < 40, f"{status}, {len(body)} bytes"))
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
