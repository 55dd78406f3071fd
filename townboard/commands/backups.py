"""The commands that keep the store safe: `backup`, `verify`, `restore`. A backup counts only after it was read back and compared."""

from __future__ import annotations

import argparse
from datetime import datetime

from townboard.commands.usage import CommandError, keeper
from townboard.deadlines import local_time
from townboard.loading import catalogue
from townboard.store import Store, archive, backup, restore
from townboard.store.audit import Verified
from townboard.store.errors import of_disk
from townboard.store.manifest import Manifest
from townboard.store.migrations import utc_now
from townboard.terminal import DONE, NEEDS_WORK, REFUSED, Terminal
from townboard.text import Text

SHOWN = 20
"""So many differing reports are listed one by one."""

_MISSING = Text(
    "有 {n} 份原始工作簿在磁盘上缺失或被改动,备份中没有:{names}",
    "{n:original workbook is|original workbooks are} missing or changed on disk and are not in the backup: {names}",
)
_WHOLE = Text("备份完好:{made_at} 制作,{tables} 张表 {rows} 行,{originals} 份原始工作簿,末条记录 {audited}",
              "the backup is whole: made {made_at}, {tables:table|tables} with {rows:row|rows}, {originals:original|originals}, last entry {audited}")  # fmt: skip
_LAST = Text("末条记录:现在 {now},恢复后 {then}", "last entry: now {now}, afterwards {then}")
_TABLE = Text("数据表 {table}:现在 {now} 行,恢复后 {then} 行", "table {table}: now {now:row|rows}, afterwards {then}")
_REPORT = Text(
    "{unit} {period}:现在第 {now} 版({by}),恢复后第 {then} 版", "{unit} {period}: now version {now} ({by}), afterwards {then}"
)
_NO_REPORT = Text(
    "{unit} {period}:现在第 {now} 版({by}),恢复后没有", "{unit} {period}: now version {now} ({by}), afterwards none"
)
_MORE = Text("……另有 {n} 份报送不同", "… and {n:more report|more reports} differ")
_SAME = Text("内容相同,恢复不会改变任何数据", "the same contents: nothing would change")
_ASK = Text("没有改动。确认恢复请加 --yes", "Nothing was changed. Run it again with --yes to restore")
_UNKNOWABLE = (
    "the store is damaged, so no account can be looked up in it: leave --as out, the machine's own user goes on record"
    " / 数据库已损坏,无法核对账号:请去掉 --as,由本机用户记入操作记录"
)
_RESTORED = Text(
    "已恢复,所有人须重新登录;请核对账号(user list)",
    "restored; everybody has to sign in again. Look through the accounts (user list)",
)
_ASIDE = Text("原数据库保留在 {aside}", "the replaced store is kept in {aside}")


def _line(text: Text) -> str:
    return f"{text.zh} / {text.en}\n"


def _moment(written: str) -> str:
    """An ISO time in UTC on the county's clock; – for none."""
    return local_time(datetime.fromisoformat(written).replace(tzinfo=None), catalogue().settings) if written else "–"


def make_backup(options: argparse.Namespace, terminal: Terminal) -> int:
    """Back the store up into a new file; prints its path. With --nightly the spare older ones go."""
    into = None if options.dir is None else terminal.here / options.dir
    kind = backup.NIGHTLY if options.nightly else backup.MANUAL
    with terminal.store() as store:
        made = store.keeper.make(into, actor=keeper(store.rows, options.user), kind=kind)
    _say_missing(made, terminal)
    terminal.out.write(f"{made.path}\n")
    return DONE


def _say_missing(made: Manifest, terminal: Terminal) -> None:
    if made.missing:
        names = ", ".join(sha256[:12] for sha256 in made.missing)
        terminal.err.write("townboard: " + _line(_MISSING.fill(n=len(made.missing), names=names)))


def verify(options: argparse.Namespace, terminal: Terminal) -> int:
    """Walk the audit chain (or read a backup) and say what is wrong; with --accept-loss, open a store that has lost its last rows all the same."""
    if options.backup is not None:
        return _verify_backup(options, terminal)
    if options.accept_loss:
        if not options.user:
            raise CommandError("--accept-loss needs --as NAME: it goes on record / 须用 --as 写明姓名")
        Store.open(
            terminal.folder, loss_accepted_by=options.user, accepted=lambda store: keeper(store.rows, options.user)
        ).close()
    with terminal.store() as store:
        found = store.verify_audit()
    _say_chain(found, terminal)
    terminal.out.write(f"{found.head.n} {found.head.hash}\n")
    return DONE if found.is_whole else REFUSED


def _say_chain(found: Verified, terminal: Terminal) -> None:
    for words in (*found.mistakes, *found.untold):
        terminal.err.write(f"townboard: {words.en} / {words.zh}\n")


def _verify_backup(options: argparse.Namespace, terminal: Terminal) -> int:
    """Read a whole backup and compare everything in it with what it lists."""
    found = archive.reread(terminal.here / options.backup)
    _say_missing(found, terminal)
    said = _WHOLE.fill(made_at=_moment(found.made_at), tables=len(found.tables), rows=found.rows, originals=len(found.originals),
                       audited=_moment(found.last_audit))  # fmt: skip
    terminal.out.write(_line(said))
    return DONE


def restore_backup(options: argparse.Namespace, terminal: Terminal) -> int:
    """Say what restoring would change; with --yes, or where there is no store yet, do it and keep the replaced store aside."""
    path = terminal.here / options.backup
    if terminal.is_relayed:
        with terminal.store() as store, store.cursor() as cursor:
            now = restore.standing(cursor)
        _say(restore.compare(now, path), terminal)
        terminal.out.write(_line(_ASK))
        return NEEDS_WORK
    now, lock = restore.of_folder(terminal.folder)
    with lock:
        if not now.is_empty:
            _say(restore.compare(now, path), terminal)
            if not options.yes:
                terminal.out.write(_line(_ASK))
                return NEEDS_WORK
        if now.damage is not None and options.user:
            raise CommandError(_UNKNOWABLE)
        by = keeper(lambda sql, given: restore.told(lock, sql, given), options.user)
        try:
            manifest, aside = restore.put_back(terminal.folder, path, at=utc_now(), shut=now.disabled)
        except OSError as error:
            raise of_disk(str(error), terminal.folder) or error from error
    with Store.open(terminal.folder) as store:
        store.note(by, "restore", detail=f"{path.name} made {manifest.made_at}; replaced store kept: {aside or 'none'}")
        store.keeper.remember(manifest, by)
        _say_chain(store.verify_audit(), terminal)
    terminal.out.write(_line(_RESTORED))
    if aside is not None:
        terminal.out.write(_line(_ASIDE.fill(aside=aside)))
    return DONE


def _say(found: restore.Comparison, terminal: Terminal) -> None:
    """What would change: the last entry of both, the reports that differ, the tables that differ."""
    if found.now.damage is not None:
        terminal.out.write(_line(found.now.damage))
    elif not found.tables:
        terminal.out.write(_line(_SAME))
        return
    terminal.out.write(_line(_LAST.fill(now=_moment(found.now.last_audit), then=_moment(found.then.last_audit))))
    units = catalogue().org_unit
    differing = found.reports
    for unit, period, now, then, by in differing[:SHOWN]:
        label = units[unit].label if unit in units else Text(unit, unit)
        words = _REPORT if then else _NO_REPORT
        terminal.out.write("  " + _line(words.fill(unit=label, period=period, now=now or "–", then=then, by=by)))
    if len(differing) > SHOWN:
        terminal.out.write("  " + _line(_MORE.fill(n=len(differing) - SHOWN)))
    for table, before, after in found.tables:
        terminal.out.write("  " + _line(_TABLE.fill(table=table, now=before, then=after)))
    for name, words in found.accounts:
        terminal.out.write("  " + _line(words.fill(name=name)))
