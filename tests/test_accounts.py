"""Accounts: passwords, signing in and out, lock-out with back-off, sessions that end, and what of it goes on record."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from tests.stores import empty_store
from townboard import accounts, passwords
from townboard.accounts import AccountError
from townboard.store.accounts import Account, by_name

NOW = datetime(2022, 11, 2, 8, 0)
MINUTE = timedelta(minutes=1)
TOWN = "140121100"
OWN = "blue lamp 47 river"


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A store with one clerk who has chosen a password already. Hashing is made cheap: how it is done is tested by itself."""
    monkeypatch.setattr(passwords, "_HASHER", passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts.sessions._strangers.clear()
    with empty_store(tmp_path) as opened:
        first = accounts.add(opened, Account("张三", "clerk", (TOWN,)), by="operator", now=NOW)
        entered = accounts.sign_in(opened, "张三", first, now=NOW)
        accounts.change_password(opened, entered.token, first, OWN, now=NOW)
        accounts.sign_out(opened, entered.token, now=NOW)
        yield opened


def enter(store, *, now=NOW, name="张三", password=OWN):
    return accounts.sign_in(store, name, password, address="10.0.0.7", now=now)


def refused(store, **given) -> str:
    with pytest.raises(AccountError) as caught:
        enter(store, **given)
    return caught.value.message.zh


def trail(store):
    return [(actor, action) for actor, action in store.rows("select actor, action from audit where not figures order by n")]


def test_a_password_is_kept_as_argon2id_only():
    kept = passwords.hashed(OWN)
    assert kept.startswith("$argon2id$") and "m=65536,t=3,p=4" in kept and OWN not in kept
    assert passwords.fits(OWN, kept) and not passwords.fits(OWN + " ", kept)
    assert passwords.fits("123", passwords.hashed("123")), "one spelling, whatever keyboard"
    assert not passwords.fits("", "") and not passwords.fits(OWN, "$argon2id$broken")


@pytest.mark.parametrize(("password", "said"), [
    ("short 1", "至少 10 位"), ("x" * 201, "最多 200 位"), ("1234567890", "太简单"), ("9876543210ab", "太简单"), ("aaaaaaaaaaaa", "太简单"),
    ("qwertyuiop1", "太简单"), ("hello 张三 123", "账号名"), (OWN, None), ("三生万物,道法自然,天长地久", None),
])  # fmt: skip
def test_weak_passwords_are_refused_with_a_reason(password, said):
    found = passwords.weakness(password, "张三")
    assert (found is None) if said is None else said in found.zh


def test_first_passwords_differ_and_can_be_taken():
    made = {passwords.one_time() for _ in range(50)}
    assert len(made) == 50 and not any(passwords.weakness(one, "张三") for one in made)


def test_the_first_password_must_be_changed(store):
    first = accounts.add(store, Account("李四", "leader"), by="管理员", now=NOW)
    entered = accounts.sign_in(store, "李四", first, now=NOW)
    assert entered.account.must_change
    with pytest.raises(AccountError, match="must be another"):
        accounts.change_password(store, entered.token, first, first, now=NOW)
    with pytest.raises(AccountError, match="at least 10"):
        accounts.change_password(store, entered.token, first, "short", now=NOW)
    accounts.change_password(store, entered.token, first, OWN, now=NOW)
    assert not accounts.visitor(store, entered.token, now=NOW).must_change
    assert not enter(store, name="李四").account.must_change


def test_a_session_is_worth_nothing_after_signing_out(store):
    here, there = enter(store), enter(store)
    assert accounts.visitor(store, here.token, now=NOW).name == "张三"
    accounts.sign_out(store, here.token, now=NOW)
    assert accounts.visitor(store, here.token, now=NOW) is None
    assert accounts.visitor(store, there.token, now=NOW) is not None, "the other device stays"
    third = enter(store)
    accounts.sign_out(store, third.token, everywhere=True, now=NOW)
    assert accounts.visitor(store, there.token, now=NOW) is None and accounts.visitor(store, third.token, now=NOW) is None


def test_only_hashes_of_tokens_are_kept(store):
    entered = enter(store)
    assert entered.token not in str(store.rows("select * from session")) and OWN not in str(store.rows("select * from account"))
    assert accounts.visitor(store, store.rows("select token from session limit 1")[0][0], now=NOW) is None


def test_a_session_ends_when_idle_and_in_any_case_after_a_day_of_work(store):
    entered = enter(store)
    assert accounts.visitor(store, entered.token, now=NOW + 59 * MINUTE)
    assert accounts.visitor(store, entered.token, now=NOW + 118 * MINUTE), "active again in between"
    assert accounts.visitor(store, entered.token, now=NOW + 240 * MINUTE) is None
    busy = enter(store)
    at = NOW
    while at < NOW + 12 * 60 * MINUTE:
        at += 30 * MINUTE
        found = accounts.visitor(store, busy.token, now=at)
    assert found is not None and accounts.visitor(store, busy.token, now=at + MINUTE) is None


def test_five_failures_lock_for_longer_and_longer(store):
    assert [refused(store, password="no") for _ in range(5)] == ["账号或密码不对"] * 5
    assert "1 分钟后" in refused(store), "the right password does not help while it is locked"
    assert refused(store, password="no", now=NOW + 2 * MINUTE) == "账号或密码不对"
    assert "2 分钟后" in refused(store, now=NOW + 2 * MINUTE)
    at = NOW + 2 * MINUTE
    for minutes in (4, 8, 16, 32, 60, 60):
        at += 61 * MINUTE
        refused(store, password="no", now=at)
        assert f"{minutes} 分钟后" in refused(store, now=at)
    assert enter(store, now=at + 61 * MINUTE).account.failures == 0


def test_many_attempts_at_once_count_as_many(store):
    with ThreadPoolExecutor(12) as pool:
        said = list(pool.map(lambda _: refused(store, password="no"), range(12)))
    assert said.count("账号或密码不对") == 5 and "分钟后" in refused(store)


def test_a_name_that_nobody_has_is_treated_like_one_that_somebody_has(store):
    unknown = [refused(store, name="王五", password="no") for _ in range(6)]
    known = [refused(store, password="no") for _ in range(6)]
    assert unknown == known
    assert "王五" not in str(store.rows("select * from audit")), "what was typed as a name may be a password"


def test_a_disabled_account_is_out_at_once(store):
    entered = enter(store)
    accounts.disable(store, "张三", by="管理员", now=NOW)
    assert accounts.visitor(store, entered.token, now=NOW) is None
    assert refused(store) == "账号已停用,请联系专办" and refused(store, password="no") == "账号或密码不对"
    accounts.enable(store, "张三", by="管理员", now=NOW)
    assert accounts.visitor(store, entered.token, now=NOW) is None and enter(store)


def test_an_account_that_nobody_uses_is_disabled(store):
    later = NOW + timedelta(days=121)
    assert "120 天" in refused(store, now=later) and by_name(store.rows, "张三").disabled
    accounts.enable(store, "张三", by="管理员", now=later)
    assert enter(store, now=later + timedelta(days=1))


def test_a_reset_ends_sessions_and_asks_for_a_change(store):
    entered = enter(store)
    first = accounts.reset(store, "张三", by="管理员", now=NOW)
    assert accounts.visitor(store, entered.token, now=NOW) is None and refused(store) == "账号或密码不对"
    assert enter(store, password=first).account.must_change


def test_a_change_of_role_holds_at_once(store):
    entered = enter(store)
    accounts.change(store, Account("张三", "unit_leader", ("140121101",)), by="管理员", now=NOW)
    found = accounts.visitor(store, entered.token, now=NOW)
    assert (found.role, found.units) == ("unit_leader", ("140121101",))


WRONG = {
    "no role": (Account("a", "king"), "no role king"), "no units": (Account("a", "clerk"), "needs units"),
    "a village": (Account("a", "clerk", ("140121100201",)), "No township"), "no group": (Account("a", "working_group"), "needs a working group"),
    "no name": (Account(" ", "leader"), "1 to 40"), "a line break": (Account("a\nb", "leader"), "control"),
    "taken": (Account(" 张三 ", "leader"), "already"), "a dark name": (Account("x" * 41, "leader"), "1 to 40"),
}  # fmt: skip


@pytest.mark.parametrize(("account", "said"), WRONG.values(), ids=WRONG)
def test_an_account_that_makes_no_sense_is_refused(store, account, said):
    with pytest.raises(AccountError, match=said):
        accounts.add(store, account, by="x")


def test_the_last_administrator_stays(store):
    accounts.add(store, Account("甲", "admin"), by="x")
    for act in (lambda: accounts.disable(store, "甲", by="x"), lambda: accounts.change(store, Account("甲", "leader"), by="x")):
        with pytest.raises(AccountError, match="last administrator"):
            act()
    accounts.add(store, Account("乙", "admin"), by="x")
    accounts.disable(store, "甲", by="x")


def test_an_identity_provider_names_an_account_by_its_address(store):
    accounts.change(store, Account("张三", "clerk", (TOWN,), email="Zhang@Example.cn"), by="x")
    assert accounts.sign_in_known(store, ["zhang@example.cn", "sub-1"], now=NOW).account.name == "张三"
    with pytest.raises(AccountError) as caught:
        accounts.sign_in_known(store, ["other@example.cn"], now=NOW)
    assert "还没有本系统的账号" in caught.value.message.zh
    with pytest.raises(AccountError, match="another account"):
        accounts.add(store, Account("李四", "leader", email="zhang@example.cn"), by="x")


def test_everything_goes_on_record_and_changes_no_figure(store):
    version = store.data_version()
    refused(store, password="no")
    entered = enter(store)
    accounts.sign_out(store, entered.token, now=NOW)
    accounts.disable(store, "张三", by="管理员", now=NOW)
    assert trail(store)[-4:] == [
        ("张三", "sign-in-failed"),
        ("张三", "sign-in"),
        ("张三", "sign-out"),
        ("管理员", "account-disabled"),
    ]
    assert store.rows("select detail from audit where action = 'sign-in' order by n")[-1] == ("password; 10.0.0.7",)
    assert store.data_version() == version and store.verify_audit().is_whole


def test_a_first_password_is_still_to_be_changed_after_the_provider_let_its_holder_in(store):
    first = accounts.add(store, Account("李四", "leader", email="li@example.cn"), by="x", now=NOW)
    known = accounts.sign_in_known(store, ["li@example.cn"], now=NOW)
    assert not accounts.visitor(store, known.token, now=NOW).must_change, "who came through the provider used no password"
    assert by_name(store.rows, "李四").must_change
    assert accounts.visitor(store, accounts.sign_in(store, "李四", first, now=NOW).token, now=NOW).must_change
