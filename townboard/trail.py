"""The audit trail in words: what each action is called, and its rows as people read them. Pure functions over the store's rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from townboard import cycle
from townboard.catalogue import Catalogue
from townboard.deadlines import local_time
from townboard.downloads import Column
from townboard.text import Language, Text

ACTIONS: dict[str, Text] = {
    **{event: said for event, said in cycle.EVENTS.items() if event != cycle.SENT},
    "sign-in": Text("登录", "Signed in"), "sign-in-failed": Text("登录失败", "Sign-in failed"), "sign-in-refused": Text("拒绝登录", "Sign-in refused"),
    "sign-out": Text("退出登录", "Signed out"), "password-changed": Text("修改密码", "Password changed"),
    "password-reset": Text("重置密码", "Password reset"), "account-added": Text("新建账号", "Account added"),
    "account-changed": Text("修改账号", "Account changed"), "account-disabled": Text("停用账号", "Account disabled"),
    "account-enabled": Text("启用账号", "Account enabled"), "sessions-ended": Text("强制退出", "Sessions ended"),
    "submit": Text("报送", "Sent"), "answer": Text("答复疑问", "Questions answered"), "upload-refused": Text("拒收文件", "File refused"), "draft": Text("暂存", "Draft kept"), "end-draft": Text("结束暂存", "Draft ended"),
    "register": Text("登记名录和基数", "Registers recorded"), "targets": Text("修改目标", "Goals changed"),
    "alias": Text("记住别名", "Name remembered"), "end-alias": Text("忘记别名", "Name forgotten"), "download": Text("下载", "Taken away"),
    "pack": Text("定稿调度会材料", "Meeting pack made"),
    "backup": Text("备份", "Backed up"), "restore": Text("恢复备份", "Restored"), "migrate": Text("升级数据库", "Store upgraded"),
    "accept-loss": Text("接受数据缺失", "Loss accepted"), "begin-audit-head": Text("重新记录校验链末端", "End of the chain noted anew"),
}  # fmt: skip
"""Action as it is stored → what people call it."""

COLUMNS = [
    Column("n", Text("序号", "No."), "integer", "", 0), Column("at", Text("时间", "Time")), Column("actor", Text("操作人", "Who")),
    Column("what", Text("操作", "What")), Column("unit", Text("单位", "Unit")), Column("period", Text("月份", "Month")),
    Column("detail", Text("说明", "Detail")), Column("hash", Text("校验码", "Check code")),
]  # fmt: skip


def words(action: str) -> Text:
    """What an action is called; one that has no words yet is called as it is stored."""
    return ACTIONS.get(action, Text(action, action))


def in_words(rows: Iterable[Sequence[Any]], catalogue: Catalogue, language: Language) -> pd.DataFrame:
    """Rows (n, at, actor, action, unit, period, detail, hash), newest first, with the columns of `COLUMNS`."""
    known = catalogue.org_unit
    found = [
        (n, local_time(at, catalogue.settings), actor, words(action).say(language),
         known[unit].label.say(language) if unit in known else unit, period, detail, hash)
        for n, at, actor, action, unit, period, detail, hash in rows
    ]  # fmt: skip
    return pd.DataFrame(found, columns=[column.code for column in COLUMNS])
