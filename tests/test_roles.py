"""Roles and scope: nine roles × pages × own and other units × queries × actions × downloads. Deny by default: no scope, no data."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.stores import OCTOBER, TOWN, VILLAGE, VILLAGE_2, commit, income, question, small_store
from townboard import access, accounts, passwords
from townboard.access import PAGES, ROLES, Actor
from townboard.answers import Answered
from townboard.loading import catalogue
from townboard.shell import asking, handing, visit
from townboard.shell.view import View
from townboard.store import Store, tables_of
from townboard.store.accounts import Account

ROOT = Path(__file__).resolve().parent.parent
OTHER = "140121102"
"""A unit that has reported, and whose report nobody has approved."""
COUNTY = "140121"

THEMES = {"economy", "clean_collect", "enforcement", "coverage", "burden"}
READERS = {"overview", "township", "explore", "catalogue", *THEMES}
OPENS = {
    "clerk": READERS | {"submit", "submissions", "todo"},
    "unit_leader": READERS | {"submissions", "todo"},
    "working_group": {"economy", "clean_collect", "township", "explore", "catalogue", "submissions", "todo"},
    "steering_group": READERS | {"submissions", "todo"},
    "special_office": READERS | {"submit", "submissions", "audit", "todo"},
    "leader": READERS | {"submissions", "todo"},
    "city_group": READERS,
    "county_unit": {"catalogue"},
    "admin": {"catalogue", "admin", "audit"},
}
"""Role → the pages it opens (domain §7.2 and §7.3); everything else is refused."""
DOES = {
    "clerk": {"upload"}, "unit_leader": {"confirm"}, "working_group": {"explain"}, "steering_group": set(), "leader": set(), "city_group": set(),
    "special_office": {"upload", "explain", "review", "register", "audit"}, "county_unit": set(), "admin": {"administer", "audit"},
}  # fmt: skip
"""Role → what it does besides reading."""
OWN = {"clerk", "unit_leader", "steering_group"}
"""Roles that reach the units given to them."""


def account(role: str) -> Account:
    return Account(f"{role}的人", role, (TOWN,) if role in OWN else (), "economy" if role == "working_group" else "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("roles") / "store"
    small_store(place).close()
    return place


@pytest.fixture(scope="module")
def tokens(folder):
    """Role → the token of a session of somebody with that role, and "" for nobody."""
    kept = passwords._HASHER
    passwords._HASHER = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with Store.open(folder) as store:
        found = {"": ""}
        for role in ROLES:
            first = accounts.add(store, account(role), by="test")
            entered = accounts.sign_in(store, account(role).name, first)
            accounts.change_password(store, entered.token, first, "blue lamp 47 river")
            found[role] = entered.token
    passwords._HASHER = kept
    return found


@pytest.fixture
def signed_in(folder, tokens, monkeypatch):
    """Look at the store as somebody with a role."""
    monkeypatch.setenv("TOWNBOARD_STORE", str(folder))

    def become(role: str) -> None:
        monkeypatch.setattr(visit, "token", lambda: tokens[role])
        monkeypatch.setattr(handing, "token", lambda: tokens[role])

    return become


def visited(page: str, **link: str) -> AppTest:
    at = AppTest.from_string(f"from pages.{page} import page\npage()", default_timeout=60)
    for key, value in {"lang": "zh", **link}.items():
        at.query_params[key] = value
    at.run()
    assert not at.exception, at.exception
    assert not [error.value for error in at.error if "TB-" in error.value]
    return at


def everything(at: AppTest) -> str:
    """All that the page sent to the browser: words, tables, charts, choices, file names."""
    found = [element.value for kind in ("title", "subheader", "markdown", "caption", "text", "info", "warning", "success", "error", "code")
             for element in getattr(at, kind)]  # fmt: skip
    found += [frame.value.to_json(force_ascii=False, default_handler=str) for frame in at.dataframe]
    found += [element.proto.body for element in at.get("html")]
    found += [element.proto.spec for element in at.get("plotly_chart")]
    found += [str(option) for box in (*at.selectbox, *at.multiselect) for option in box.options]
    found += [f"{metric.label} {metric.value} {metric.delta}" for metric in at.metric]
    return "\n".join(
        json.loads(f'"{text}"') if "\\u" in str(text)[:200] and '"' not in str(text) else str(text) for text in found
    )


def test_every_role_and_every_page_stands_in_the_table():
    assert set(OPENS) == set(DOES) == set(ROLES) and len(ROLES) == 9
    assert set(PAGES) == {path.stem for path in (ROOT / "pages").glob("*.py")}, "a page without a need opens for nobody"
    for path in (ROOT / "pages").glob("*.py"):
        assert f'shell.may_open("{path.stem}")' in path.read_text(encoding="utf-8"), f"{path.name} asks before it shows anything"


@pytest.mark.parametrize("page", sorted(PAGES))
@pytest.mark.parametrize("role", ["", *ROLES])
def test_each_role_opens_its_pages_and_no_other(role, page, signed_in):
    signed_in(role)
    at = visited(page)
    if page in OPENS.get(role, set()):
        assert at.title and not any("不能" in element.value or "没有登录" in element.value for element in at.info)
        return
    assert len(at.info) == 1, "one sentence says why"
    for kind in ("dataframe", "metric", "selectbox", "subheader", "button", "caption"):
        assert not getattr(at, kind), f"{role} sees a {kind} on {page}"
    assert not at.get("plotly_chart") and not at.get("download_button") and not at.get("file_uploader")


@pytest.mark.parametrize("link", [{}, {"unit": OTHER}, {"unit": OTHER, "county": COUNTY, "basis": "preliminary"}], ids=["plain", "other unit", "whole link"])  # fmt: skip
@pytest.mark.parametrize("page", ["overview", "economy", "township", "explore", "submit", "submissions", "coverage"])
def test_nothing_of_another_unit_reaches_a_clerk(page, link, signed_in):
    signed_in("clerk")
    sent = everything(visited(page, **link))
    known = catalogue()
    foreign = [
        place.label.zh
        for unit in known.units(COUNTY)
        if unit.code != TOWN
        for place in (unit, *known.children(unit.code, "village"))
    ]
    own = {
        place.label.zh for place in (known.org_unit[TOWN], *known.children(TOWN, "village"), *known.children(TOWN, "community"))
    }
    leaked = [name for name in foreign if name in sent and not any(name in one for one in own)]
    assert not leaked and OTHER not in sent


@pytest.mark.parametrize("page", sorted(READERS - {"catalogue"}))
def test_the_city_sees_approved_figures_only(page, signed_in):
    signed_in("city_group")
    at = visited(page, basis="preliminary")
    assert "basis" not in at.query_params or at.query_params["basis"] in ("approved", ["approved"])
    assert not [box for box in at.button_group if box.key == "townboard_basis"]


def test_a_working_group_sees_its_own_forms_only(signed_in):
    signed_in("working_group")
    at = visited("explore")
    forms = " ".join(at.selectbox(key="explore_form").options)
    assert "F01" in forms and "F02" in forms and "F03" not in forms and "F06" not in forms
    at = visited("township", unit=TOWN)
    sent = everything(at)
    assert "改革节点" not in sent and "个社区的数据" not in sent and "个村中" in sent
    assert not any(button.key.startswith("original") for button in at.get("download_button")), "an original holds all forms"


VIEW = View(
    county=COUNTY, period=OCTOBER, unit=None, units=tuple(unit.code for unit in catalogue().units(COUNTY)), basis="preliminary", as_of=None,
    language="zh", data_version=0, store="", expected=(), reported=(), unapproved=(), last_sent=datetime(2022, 11, 2),
)  # fmt: skip
"""A look at everything, as if somebody had forged it."""
MORE = {
    "submission": 4,
    "data_set": "law_enforcement",
    "first_period": "2022-01",
    "indicator": "CE01",
    "year": 2022,
    "level": "township",
}
QUERIES = sorted(path.stem for path in (ROOT / "queries").glob("*.sql"))


def answer(name: str):
    from townboard.store import query

    given = {key: value for key, value in MORE.items() if key in query(name)[1]}
    return asking.ask(VIEW, name, **given)


@pytest.mark.parametrize("role", ["", *ROLES])
def test_every_query_keeps_to_the_scope_even_for_a_forged_view(role, signed_in, monkeypatch):
    signed_in(role)
    monkeypatch.setattr("streamlit.session_state", {}, raising=False)
    who = Actor("", "") if not role else accounts.actor_of(account(role))
    seen = access.data_sets(who, catalogue())
    allowed = set(access.scope(who, catalogue(), COUNTY))
    for name in QUERIES:
        found = answer(name)
        reads = tables_of(name) & set(catalogue().data_set)
        if "unit" in found:
            assert set(found["unit"].dropna()) <= allowed, name
        if not allowed or not reads <= seen:
            assert "unit" not in found or found.empty, f"{role} reads {name}"
        if "data_set" in found:
            assert set(found["data_set"].dropna()) <= seen | {""}, name
        if role == "city_group" and "unit" in found and reads and "reported" in found:
            assert not found[(found["unit"] == OTHER)]["reported"].astype(bool).any(), f"{name} shows what nobody approved"


@pytest.mark.parametrize("role", ["", *ROLES])
def test_each_role_does_what_it_may_and_no_more(role):
    who = access.NOBODY if not role else accounts.actor_of(account(role))
    quiet = {access.READ, access.FOLLOW, access.LOOK_UP}
    for action in set(access.ACTIONS) - quiet:
        decision = access.may(who, action)
        assert decision.allowed == (action in DOES.get(role, set())), f"{role} {action}: {decision.reason.en}"
        assert decision.reason.zh and decision.reason.en
        if role in OWN and decision.allowed:
            assert access.may(who, action, TOWN).allowed and not access.may(who, action, OTHER).allowed


def test_a_role_without_its_scope_gets_nothing():
    known = catalogue()
    for who in (
        Actor("x", "clerk"),
        Actor("x", "working_group"),
        Actor("x", "working_group", (), "no such group"),
        Actor("x", "king"),
        access.NOBODY,
    ):
        assert not access.may(who, access.READ).allowed
        assert not access.data_sets(who, known) or not access.scope(who, known, COUNTY)
    assert access.scope(Actor("x", "admin"), known, COUNTY) == () and access.scope(Actor("x", "county_unit"), known, COUNTY) == ()


CALLBACKS = {
    "review": "from townboard.shell import month\nfrom townboard.periods import Period\n"
    f"month.happen('{OTHER}', Period(2022, 10), 'approved', '', None)",
    "register": "from townboard.shell import registers\nfrom townboard.store.registers import RegisterRow\n"
    "registers._record([RegisterRow('burden', 'certificates_catalogue', '140121', 7)], [], 'x')",
    "administer": "from townboard.shell import people\nfrom townboard.store.accounts import Account\npeople._add(Account('新人', 'leader'))",
}


@pytest.mark.parametrize("action", CALLBACKS)
@pytest.mark.parametrize("role", ["", *(role for role in ROLES if role != "special_office" and role != "admin"), "other"])
def test_what_changes_the_store_asks_again_when_it_is_pressed(role, action, signed_in, folder):
    """A button drawn for somebody else, or before a role was taken away, does nothing."""
    if role == "other":
        role = "admin" if action != "administer" else "special_office"
    signed_in(role)
    with Store.open(folder) as store:
        before = store.rows("select count(*) from audit where action in ('approved', 'register', 'targets', 'account-added')")
        at = AppTest.from_string(CALLBACKS[action]).run()
        assert not at.exception
        assert (
            store.rows("select count(*) from audit where action in ('approved', 'register', 'targets', 'account-added')")
            == before
        )


@pytest.mark.parametrize(
    ("role", "action"), [("special_office", "review"), ("special_office", "register"), ("admin", "administer")]
)
def test_and_does_it_for_who_may(role, action, signed_in, folder):
    signed_in(role)
    counted = "select count(*) from audit where action in ('approved', 'register', 'targets', 'account-added')"
    with Store.open(folder) as store:
        before = store.rows(counted)[0][0]
        assert not AppTest.from_string(CALLBACKS[action]).run().exception
        assert store.rows(counted)[0][0] == before + 1


def test_a_download_asks_again_and_goes_on_record(folder, tokens, signed_in, monkeypatch):
    signed_in("leader")
    monkeypatch.setattr(handing, "actor", lambda: accounts.actor_of(account("leader")))
    make = handing.handed(lambda: b"figures", "economy", period="2022-10", detail="Place: Qingxu")
    assert make() == b"figures"
    with Store.open(folder) as store:
        last = store.rows("select actor, action, period, detail from audit where n = (select max(n) from audit)")
        assert last == [("leader的人", "download", "2022-10", "economy; Place: Qingxu")]
        accounts.disable(store, "leader的人", by="test")
        with pytest.raises(handing.NotPermitted):
            make()
        accounts.enable(store, "leader的人", by="test")
        with pytest.raises(handing.NotPermitted):
            make()


def test_what_was_drawn_for_one_person_is_not_shown_to_another(signed_in, tmp_path, monkeypatch):
    """The caches know for whom: a leader's board is not what a clerk or a working group gets."""
    with Store.create(tmp_path / "s") as store:
        commit(store, TOWN, OCTOBER, {"village_economy": {VILLAGE: income(41.7), VILLAGE_2: income(12.3)}})
        kept = passwords._HASHER
        monkeypatch.setattr(passwords, "_HASHER", kept.__class__(time_cost=1, memory_cost=8, parallelism=1))
        found = {}
        for role, made in (("leader", Account("甲", "leader")), ("clerk", Account("乙", "clerk", (OTHER,)))):
            first = accounts.add(store, made, by="x")
            found[role] = accounts.sign_in(store, made.name, first).token
            accounts.change_password(store, found[role], first, "blue lamp 47 river")
    monkeypatch.setenv("TOWNBOARD_STORE", str(tmp_path / "s"))
    monkeypatch.setattr(visit, "token", lambda: found["leader"])
    assert "41.7" in everything(visited("economy"))
    monkeypatch.setattr(visit, "token", lambda: found["clerk"])
    assert "41.7" not in everything(visited("economy"))


def test_a_reviewer_confirms_and_a_group_checks_from_their_own_list(signed_in, tmp_path, monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with Store.create(tmp_path / "s") as store:
        commit(store, TOWN, OCTOBER, {"village_economy": {VILLAGE: income(30.0)}}, approve=False,
               answers=(Answered(question(), "keep", None, "一次性收入"),))  # fmt: skip
        tokens = {}
        for role in ("unit_leader", "working_group"):
            first = accounts.add(store, account(role), by="test")
            tokens[role] = accounts.sign_in(store, account(role).name, first).token
            accounts.change_password(store, tokens[role], first, "blue lamp 47 river")
    monkeypatch.setenv("TOWNBOARD_STORE", str(tmp_path / "s"))
    for role, step, event in (("unit_leader", "待审签", "confirmed"), ("working_group", "说明待核对", "checked")):
        monkeypatch.setattr(visit, "token", lambda role=role: tokens[role])
        monkeypatch.setattr(handing, "token", lambda role=role: tokens[role])
        at = visited("todo")
        assert step in everything(at) and [at.subheader[0].value] == ["等您办理：1 件"]
        if event == "checked":
            assert "一次性收入" in everything(at), "the explanation stands there"
            at.text_input[0].set_value("与合同一致").run()
        next(button for button in at.button if (button.key or "").startswith(event)).click().run()
        assert not at.exception and "没有等您办理的事项。" in [said.value for said in at.success]
    with Store.open(tmp_path / "s") as store:
        events = store.rows("select event, actor, reason, about from month_event order by n")
    assert events == [("confirmed", "unit_leader的人", "", None), ("checked", "working_group的人", "与合同一致", "economy")]
