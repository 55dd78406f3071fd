"""Signing in on the real server: a stranger gets the sign-in page and nothing else, on every path; sessions, forms, headers, OIDC.

The pages are looked at the way a browser does it: over the socket, with the session's cookie, as protobuf messages.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import Any

import oidc_provider_mock
import pytest
import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.served import ROOT, free_port, served
from tests.stores import TOWN, small_store
from tests.test_roles import OPENS, OTHER, OWN, account
from townboard import accounts
from townboard.access import PAGES, ROLES
from townboard.loading import catalogue
from townboard.store.accounts import Account

PASSWORD = "blue lamp 47 river"
MAIL = "wang@example.cn"
SIGN_IN = "登录 · 基层治理看板"
PATHS = [
    "/", "/admin", "/audit", *(f"/{page}" for page in PAGES), "/nothing", "/economy?period=2022-10&unit=140121100", "/_stcore/host-config",
    "/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp", "/_stcore/stream",
    "/_stcore/upload_file/a/b", "/_stcore/bidi-components/x/y.js", "/component/x/index.html", "/media/abc.xlsx", "/static/js/index.js",
    "/app/static/x", "/favicon.png", "/manifest.json", "/index.html", "/password", "/auth/logout", "/economy/_stcore/host-config", "/economy/",
    "/%2e%2e/app.py", "/pages/overview.py", "/.streamlit/secrets.toml",
]  # fmt: skip


@pytest.fixture(scope="module")
def provider():
    """An identity provider of our own on this machine."""
    users = [oidc_provider_mock.User(sub="known", claims={"email": MAIL, "email_verified": True}),
             oidc_provider_mock.User(sub="stranger", claims={"email": "nobody@example.cn"}),
             oidc_provider_mock.User(sub="liar in words", claims={"email": MAIL, "email_verified": "false"}),
             oidc_provider_mock.User(sub="liar", claims={"email": MAIL, "email_verified": False})]  # fmt: skip
    with oidc_provider_mock.run_server_in_thread(user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def server(provider, tmp_path_factory):
    """The address of a server on a store with one account a role, and an identity provider."""
    place = tmp_path_factory.mktemp("served")
    with small_store(place / "store") as store:
        for role in ROLES:
            accounts.add(store, account(role), by="test", password="first one 55")
        accounts.add(store, Account("王县长", "leader", email=MAIL), by="test")
    port = free_port()
    (place / ".streamlit").mkdir()
    (place / ".streamlit" / "secrets.toml").write_text(
        f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\ncookie_secret = "{os.urandom(16).hex()}"\nclient_id = "townboard"\n'
        f'client_secret = "secret"\nserver_metadata_url = "{provider}/.well-known/openid-configuration"\n'
    )
    with served(place / "store", folder=place, port=port) as running:
        yield running.address


def form_of(browser: requests.Session, page: str) -> str:
    found = re.search(r'name="form" value="([^"]+)"', browser.get(page).text)
    assert found, "a form with its token"
    return found[1]


def enter(server: str, name: str, password: str, *, to: str = "/", **more: str) -> tuple[requests.Session, requests.Response]:
    browser = requests.Session()
    given = {"form": form_of(browser, f"{server}/sign-in"), "name": name, "password": password, "to": to, **more}
    return browser, browser.post(f"{server}/sign-in", data=given, allow_redirects=False)


@pytest.fixture(scope="module")
def browsers(server):
    """Role → a browser in which somebody with that role has signed in and chosen a password."""
    found = {}
    for role in ROLES:
        browser, answer = enter(server, account(role).name, "first one 55")
        assert answer.status_code == 303, answer.text
        given = {
            "form": form_of(browser, f"{server}/password"),
            "old": "first one 55",
            "new": PASSWORD,
            "again": PASSWORD,
            "to": "/",
        }
        assert browser.post(f"{server}/password", data=given, allow_redirects=False).status_code == 303
        found[role] = browser
    return found


def look(server: str, browser: requests.Session | None, page: str, query: str = "lang=zh") -> str:
    """All that one run of a page sends to a browser, as text; what kinds of elements were in it stands at the end (`<plotly_chart>`)."""
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies) if browser else ""
    sent, kinds = [], set()
    with connect(f"{server.replace('http', 'ws')}/_stcore/stream", additional_headers={"Cookie": cookies}, subprotocols=["streamlit"],
                 origin=server, max_size=None, proxy=None) as line:  # fmt: skip
        ask = BackMsg()
        ask.rerun_script.query_string, ask.rerun_script.page_name = query, page
        line.send(ask.SerializeToString())
        while True:
            data = line.recv(timeout=60)
            sent.append(data)
            message = ForwardMsg.FromString(data)
            kinds.add(message.delta.new_element.WhichOneof("type"))
            if message.WhichOneof("type") == "script_finished":
                return b"".join(sent).decode("utf-8", "replace") + " ".join(f"<{kind}>" for kind in kinds)


class Line:
    """A browser's socket that stays open: pages run, buttons are pressed, addresses for uploads asked for."""

    def __init__(self, server: str, browser: requests.Session, *, go_on_with: str = "") -> None:
        self.server, self.session = server, ""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)
        spoken = ["streamlit", "PLACEHOLDER", *([go_on_with] if go_on_with else [])]
        self.opening = connect(f"{server.replace('http', 'ws')}/_stcore/stream", additional_headers={"Cookie": cookies, "X-Townboard-Visit": "here"},
                               subprotocols=spoken, origin=server, max_size=None, proxy=None)  # fmt: skip

    def __enter__(self) -> Line:
        self.line = self.opening.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.opening.__exit__(*error)

    def until(self, ask: BackMsg, kind: str) -> list[ForwardMsg]:
        self.line.send(ask.SerializeToString())
        found = []
        while not found or found[-1].WhichOneof("type") != kind:
            found.append(ForwardMsg.FromString(self.line.recv(timeout=60)))
        return found

    def run(self, page: str, query: str = "lang=zh") -> list[ForwardMsg]:
        ask = BackMsg()
        ask.rerun_script.query_string, ask.rerun_script.page_name = query, page
        found = self.until(ask, "script_finished")
        self.session = next(
            message.new_session.initialize.session_id for message in found if message.WhichOneof("type") == "new_session"
        )
        return found

    def button(self, page: str, query: str = "lang=zh") -> str:
        """What the page's first download button is pressed with."""
        elements = [message.delta.new_element for message in self.run(page, query) if message.WhichOneof("type") == "delta"]
        return next(
            element.download_button.deferred_file_id for element in elements if element.WhichOneof("type") == "download_button"
        )

    def press(self, button: str) -> str:
        """The file's address; "" where none is given."""
        ask = BackMsg()
        ask.backend_operation_request.request_id, ask.backend_operation_request.session_id = "1", self.session
        ask.backend_operation_request.deferred_file.file_id = button
        return str(self.until(ask, "backend_operation_response")[-1].backend_operation_response.deferred_file.url)

    def place_for(self, name: str) -> str:
        ask = BackMsg()
        ask.file_urls_request.request_id, ask.file_urls_request.session_id = "2", self.session
        ask.file_urls_request.file_names.append(name)
        return str(self.until(ask, "file_urls_response")[-1].file_urls_response.file_urls[0].upload_url)


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_gets_the_sign_in_page_and_nothing_else(server, path):
    for accept in ("text/html", "*/*"):
        answer = requests.get(server + path, headers={"Accept": accept})
        assert answer.status_code in (200, 400, 404)
        assert (answer.status_code == 200) == (SIGN_IN in answer.text)
        assert len(answer.text) < 40 or SIGN_IN in answer.text, f"{path} says more than it should"
        assert '<div id="root">' not in answer.text and "script" not in re.sub(
            r'name="to" value="[^"]*"|href="[^"]*"', "", answer.text
        )
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        answer = requests.request(method, server + path, allow_redirects=False)
        assert answer.status_code in (400, 401, 403, 404, 405, 413), f"{method} {path}"
        assert len(answer.text) < 40


@pytest.mark.parametrize(
    "cookie", ["", "townboard_session=abc", "townboard_session=abc.def", "_streamlit_user=x", "townboard_session=../../etc"]
)
def test_a_stranger_gets_no_socket(server, cookie):
    with pytest.raises(InvalidStatus) as refused:
        connect(f"{server.replace('http', 'ws')}/_stcore/stream", additional_headers={"Cookie": cookie}, subprotocols=["streamlit"],
                origin=server, proxy=None)  # fmt: skip
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("origin", ["http://127.0.0.1:9", "http://localhost:3000", "null", "http://evil.example"])
def test_a_page_of_another_address_gets_no_socket(server, browsers, origin):
    """Not even one of this machine's other ports, which Streamlit takes for its own developer's."""
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browsers["leader"].cookies)
    with pytest.raises(InvalidStatus) as caught:
        connect(f"{server.replace('http', 'ws')}/_stcore/stream", additional_headers={"Cookie": cookies}, subprotocols=["streamlit"],
                origin=origin, proxy=None)  # fmt: skip
    assert caught.value.response.status_code == 403


def test_what_the_server_writes_is_nobody_elses_whatever_folder_it_lies_in(server, browsers, tmp_path_factory):
    written = tmp_path_factory.getbasetemp() / "served0" / "store" / "audit.head"
    assert not written.stat().st_mode & 0o077


def test_health_is_for_everybody_and_says_nothing(server):
    assert requests.get(f"{server}/_stcore/health").text == "ok"


def test_every_answer_carries_its_headers(server, browsers):
    for answer in (requests.get(f"{server}/economy"), browsers["leader"].get(f"{server}/economy"), browsers["leader"].get(f"{server}/media/none"),
                   requests.get(f"{server}/_stcore/metrics")):  # fmt: skip
        headers = answer.headers
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"] and headers["referrer-policy"] == "same-origin"
        assert "unsafe-eval" not in headers["content-security-policy"]
        assert "script-src 'self' 'unsafe-inline'" not in headers["content-security-policy"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(server):
    _, answer = enter(server, account("leader").name, PASSWORD)
    cookie = next(
        value for name, value in answer.raw.headers.items() if name.lower() == "set-cookie" and "townboard_session" in value
    )
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    proxied = requests.get(f"{server}/sign-in", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.1.1.1"})
    assert "Secure" in proxied.headers["set-cookie"] and "max-age" in proxied.headers["strict-transport-security"]


def test_signing_in_leads_on_and_only_within_the_application(server, browsers):
    for to, place in (("/economy?period=2022-09", "/economy?period=2022-09"), ("https://evil.example/", "/"), ("//evil.example", "/"),
                      ("/\\evil.example", "/"), ("/sign-out", "/"), ("javascript:alert(1)", "/")):  # fmt: skip
        _, answer = enter(server, account("leader").name, PASSWORD, to=to)
        assert (answer.status_code, answer.headers["location"]) == (303, place), to


@pytest.mark.parametrize(("name", "change", "headers", "status"), [
    ("no token", {"form": ""}, {}, 403), ("another token", {"form": "x" * 32}, {}, 403), ("another site", {}, {"Origin": "https://evil.example"}, 403),
    ("a null origin", {}, {"Origin": "null"}, 403), ("another site by fetch", {}, {"Sec-Fetch-Site": "cross-site"}, 403),
    ("too long", {"name": "x" * 9000}, {}, 413), ("a wrong password", {"password": "no"}, {}, 401),
])  # fmt: skip
def test_a_form_is_taken_from_our_own_page_only(server, browsers, name, change, headers, status):
    browser = requests.Session()
    given = {"form": form_of(browser, f"{server}/sign-in"), "name": account("city_group").name, "password": PASSWORD, **change}
    answer = browser.post(f"{server}/sign-in", data=given, headers=headers, allow_redirects=False)
    assert answer.status_code == status, name
    assert "townboard_session" not in str(answer.headers.get("set-cookie"))


def test_what_was_typed_is_escaped(server):
    _, answer = enter(server, '"><script>alert(1)</script>', "x")
    assert "<script>" not in answer.text and "&lt;script&gt;" in answer.text


def test_after_signing_out_the_cookie_is_worth_nothing(server, browsers):
    browser, _ = enter(server, account("steering_group").name, PASSWORD)
    stolen = dict(browser.cookies)
    assert browser.get(f"{server}/economy", headers={"Accept": "text/html"}).text.count('<div id="root">') == 1, (
        "a reload stays signed in"
    )
    browser.post(f"{server}/sign-out", data={"form": form_of_any(browser, server)}, allow_redirects=False)
    thief = requests.Session()
    thief.cookies.update(stolen)
    assert SIGN_IN in thief.get(f"{server}/economy").text
    with pytest.raises(InvalidStatus):
        look(server, thief, "economy")


def form_of_any(browser: requests.Session, server: str) -> str:
    """The token of the browser's form cookie, as any page of ours carries it."""
    return form_of(browser, f"{server}/password")


def test_an_ended_session_shows_nothing_on_a_line_that_is_still_open(server, browsers):
    browser, _ = enter(server, account("leader").name, PASSWORD)
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)
    with connect(f"{server.replace('http', 'ws')}/_stcore/stream", additional_headers={"Cookie": cookies}, subprotocols=["streamlit"],
                 origin=server, max_size=None, proxy=None) as line:  # fmt: skip

        def run() -> str:
            ask = BackMsg()
            ask.rerun_script.query_string, ask.rerun_script.page_name = "lang=zh", "economy"
            line.send(ask.SerializeToString())
            sent = []
            while not sent or ForwardMsg.FromString(sent[-1]).WhichOneof("type") != "script_finished":
                sent.append(line.recv(timeout=60))
            return b"".join(sent).decode("utf-8", "replace")

        assert "村集体经济" in run()
        browser.post(f"{server}/sign-out", data={"form": form_of_any(browser, server)}, allow_redirects=False)
        after = run()
        assert "您已退出登录" in after and "个村" not in after


def test_a_file_comes_to_the_visit_that_it_was_made_for_and_to_no_other(server, browsers):
    owner, _ = enter(server, account("special_office").name, PASSWORD)
    with Line(server, owner) as line:
        button = line.button("submit", f"lang=zh&period=2022-11&unit={TOWN}")
        address = server + line.press(button)
        taken = owner.get(address)
        assert taken.status_code == 200 and taken.content[:2] == b"PK" and "attachment" in taken.headers["content-disposition"]
        assert owner.get(address, headers={"Range": "bytes=0-9"}).content == taken.content, "whole or not at all"
        assert owner.head(address).status_code == 405
        again, _ = enter(server, account("special_office").name, PASSWORD)
        for other, why in (
            (browsers["clerk"], "another account"),
            (browsers["leader"], "one that sees everything"),
            (again, "another sign-in"),
        ):
            assert (other.get(address).status_code, other.get(address).content) == (404, b"404"), why
        with Line(server, browsers["clerk"]) as theirs:
            theirs.run("catalogue")
            pressed = theirs.press(button)
        assert not pressed or browsers["clerk"].get(server + pressed).status_code == 404, "somebody else's button gives nothing"
        assert SIGN_IN in requests.get(address, headers={"Accept": "text/html"}).text
        stolen = dict(owner.cookies)
        owner.post(f"{server}/sign-out", data={"form": form_of_any(owner, server)}, allow_redirects=False)
        for left in (owner, requests.Session()):
            left.cookies.update(stolen)
            answer = left.get(address, headers={"Accept": "text/html"})
            assert SIGN_IN in answer.text and answer.content != taken.content
        assert not line.press(button), "after signing out the button gives nothing"


def test_an_upload_goes_to_ones_own_socket_only(server, browsers):
    mine, theirs = browsers["clerk"], browsers["special_office"]
    for browser in (mine, theirs):
        browser.get(f"{server}/_stcore/health")  # its answer carries the token that uploads need
    with Line(server, mine) as line:
        line.run("submit")
        address = server + line.place_for("a.xlsx")

        def put(browser: requests.Session) -> int:
            token = browser.cookies.get("_streamlit_xsrf", "").strip('"')
            return browser.put(
                address, files={"file": ("a.xlsx", b"x")}, headers={"X-Xsrftoken": token, "Origin": server}
            ).status_code

        assert put(theirs) == 404 and put(requests.Session()) == 401
        assert (
            theirs.delete(address, headers={"X-Xsrftoken": theirs.cookies.get("_streamlit_xsrf", "").strip('"')}).status_code
            == 404
        )
        assert put(mine) == 204
    assert put(mine) == 404, "the socket is closed"


def test_nobody_goes_on_with_the_session_of_somebody_else(server, browsers):
    with Line(server, browsers["clerk"]) as line:
        line.run("catalogue")
        with Line(server, browsers["leader"], go_on_with=line.session) as other:
            other.run("catalogue")
            assert other.session != line.session
    left = line.session
    with Line(server, browsers["leader"], go_on_with=left) as other:
        other.run("catalogue")
        assert other.session != left
    with Line(server, browsers["clerk"], go_on_with=left) as back:
        back.run("catalogue")
        assert back.session == left, "the person themselves goes on after a cut connection"


@pytest.mark.parametrize("role", list(ROLES))
def test_through_the_real_server_each_role_opens_its_pages_within_its_scope(server, browsers, role):
    foreign = [place.label.zh for unit in catalogue().units("140121") if unit.code != TOWN for place in (unit,)]
    for page in ("economy", "submissions", "admin", "audit", "submit", "catalogue"):
        sent = look(server, browsers[role], page, f"lang=zh&unit={OTHER}")
        refused = re.search("不能(查看|报送|管理)|不在您的范围|没有登录|本页汇总", sent) is not None
        assert refused != (page in OPENS[role]), f"{role} {page}"
        assert not refused or not re.search("<(dataframe|plotly_chart|file_uploader)>", sent), f"{role} {page}"
        if role == "leader" and page == "economy":
            assert "<dataframe>" in sent and "<plotly_chart>" in sent, "what a page shows is told by these words"
        if role in OWN and page != "catalogue":
            assert not [name for name in foreign if name in sent], f"{role} {page}"


def sign_in_elsewhere(server: str, sub: str) -> tuple[requests.Session, requests.Response]:
    browser = requests.Session()
    asked = browser.get(f"{server}/sign-in/oidc?to=/economy")
    assert "Authorize" in asked.text, asked.text[:300]
    return browser, browser.post(asked.url, data={"sub": sub})


def test_an_identity_provider_lets_in_whom_an_account_names(server):
    assert "统一身份认证登录" in requests.get(f"{server}/sign-in").text
    browser, answer = sign_in_elsewhere(server, "known")
    assert answer.url == f"{server}/economy" and '<div id="root">' in answer.text
    names = {cookie.name for cookie in browser.cookies}
    assert "townboard_session" in names and not any(name.startswith("_streamlit_user") for name in names), (
        "no identity stays in the browser"
    )
    assert "王县长" in look(server, browser, "economy")


def test_the_way_on_past_the_provider_may_hold_any_letter(server):
    answer = requests.get(f"{server}/sign-in/oidc", params={"to": "/explore?x=清源 镇"}, allow_redirects=False)
    assert answer.status_code == 303 and "townboard_way" in answer.cookies


@pytest.mark.parametrize("sub", ["stranger", "liar", "liar in words", "somebody else"])
def test_whom_no_account_names_gets_a_kind_page(server, sub):
    browser, answer = sign_in_elsewhere(server, sub)
    assert answer.status_code == 403 and "还没有本系统的账号" in answer.text
    assert SIGN_IN in browser.get(f"{server}/economy").text


def test_who_declines_at_the_provider_is_told(server):
    browser = requests.Session()
    asked = browser.get(f"{server}/sign-in/oidc")
    answer = browser.post(asked.url, data={"action": "deny"})
    assert answer.status_code == 403 and "身份认证没有成功" in answer.text


def test_a_made_up_callback_lets_nobody_in(server):
    answer = requests.get(f"{server}/oauth2callback?code=x&state=y")
    assert answer.status_code == 403 and "townboard_session" not in str(answer.headers)


def test_without_accounts_nothing_is_served_to_the_network(tmp_path):
    small_store(tmp_path / "s").close()
    done = subprocess.run([sys.executable, "-m", "townboard", "serve", "--host", "0.0.0.0", "--port", "1"], cwd=ROOT, capture_output=True, text=True,
                          env=os.environ | {"TOWNBOARD_STORE": str(tmp_path / "s")}, timeout=60)  # fmt: skip
    assert done.returncode == 2 and "user add NAME" in done.stderr and done.stderr.count("\n") == 1
