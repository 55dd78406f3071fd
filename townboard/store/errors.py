"""Why a store cannot be used, said in both languages."""

from __future__ import annotations

import re

from townboard.text import NOTHING, Text

ABSENT = Text("{folder} 里没有数据库;请先运行 init", "There is no store in {folder}; run init first")
PRESENT = Text("{folder} 里已有数据库,没有改动", "There is a store in {folder} already; nothing was changed")
LOCKED = Text("数据库正被另一个程序使用{who};请先关闭它,或通过网页操作",
              "Another program is using the store{who}; close it first, or work through the web pages")  # fmt: skip
DAMAGED = Text(
    "数据库文件已损坏,打不开:{why};请从备份恢复", "The store's file is damaged and does not open: {why}; restore a backup"
)
LOST = Text(
    "提交后核对失败:第{id}号报送不在库中,请重新提交", "Submission {id} is not in the store after its commit; please send it again"
)
CUT = Text(
    "{folder} 缺少已经提交的记录:应到第 {kept} 条,实有 {n} 条,很可能是日志文件(townboard.duckdb.wal)被截断或删除。数据没有改动。请从备份恢复(restore);没有备份、确认接受缺失的,运行 verify --accept-loss --as 姓名",
    "{folder} lacks rows that were committed: there should be {kept}, there are {n}; most likely the log file (townboard.duckdb.wal) was cut or deleted. Nothing was changed. Restore a backup; without one, accept the loss with verify --accept-loss --as NAME",
)

REWRITTEN = Text(
    "{folder} 的操作记录与 audit.head 记下的末尾不符:第 {n} 条不是当时写下的那一条,记录被改写过。数据没有改动。请从备份恢复(restore);没有备份、确认接受的,运行 verify --accept-loss --as 姓名",
    "The audit trail of {folder} does not fit its end as noted in audit.head: row {n} is not the one that was written, the trail was rewritten. Nothing was changed. Restore a backup; without one, accept it with verify --accept-loss --as NAME",
)

FULL = Text(
    "磁盘已满,没有写入:{folder}。已提交的数据完好。请清理磁盘空间后重试",
    "The disk is full and nothing was written: {folder}. What was committed before is intact. Make room and try again",
)
READ_ONLY = Text(
    "没有权限写入 {folder},或该文件夹是只读的。已有数据没有改动。请检查文件夹的所有者和权限",
    "{folder} is read-only or not ours to write. No figure was changed. Check the folder's owner and permissions",
)


class StoreError(Exception):
    """The store cannot be used; `message` says why in both languages."""

    def __init__(self, message: Text) -> None:
        self.message = message
        super().__init__(message.en)


def is_locked(said: str) -> bool:
    """Whether the engine said that another process has the file open."""
    return "Could not set lock" in said


def of_engine(said: str, folder: object) -> StoreError:
    """The error in our words for what the engine said when it could not open or write the file in a folder."""
    if is_locked(said):
        pid = re.search(r"PID (\d+)", said)
        return StoreError(LOCKED.fill(who=Text(f"(进程 {pid[1]})", f" (process {pid[1]})") if pid else NOTHING))
    return of_disk(said, folder) or StoreError(DAMAGED.fill(why=said.splitlines()[0]))


def of_disk(said: str, folder: object) -> StoreError | None:
    """The error in our words when it was the disk that refused: full, read-only, not ours; None for anything else."""
    if any(words in said for words in ("No space left", "File too large", "Disk quota", "not enough space")):
        return StoreError(FULL.fill(folder=folder))
    if any(words in said for words in ("Permission denied", "Read-only file system", "Operation not permitted")):
        return StoreError(READ_ONLY.fill(folder=folder))
    return None
