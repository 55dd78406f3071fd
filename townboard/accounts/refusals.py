"""Why somebody may not come in, or an account cannot be had so, said in both languages."""

from __future__ import annotations

from townboard.text import Text

WRONG = Text("账号或密码不对", "The name or the password is wrong")
LOCKED = Text("连续输错 {n} 次,请 {minutes} 分钟后再试", "Wrong {n:time|times}: try again in {minutes:minute|minutes}")
DISABLED = Text("账号已停用,请联系专办", "The account is disabled; please ask the office")
ASLEEP = Text(
    "账号超过 {days} 天未使用,已停用,请联系专办",
    "Nobody has used the account for {days:day|days}; it is disabled now. Please ask the office",
)
UNKNOWN = Text(
    "{who} 已通过身份认证,但还没有本系统的账号,请联系专办开通",
    "{who} is known to the identity service but has no account here; please ask the office",
)
WRONG_OLD = Text("原密码不对", "The old password is wrong")
SAME = Text("新密码不能与原密码相同", "The new password must be another one")
TAKEN = Text("已有名为 {name} 的账号", "There is an account called {name} already")
EMAIL_TAKEN = Text("{email} 已属于另一个账号", "{email} belongs to another account already")
NO_NAME = Text("请写明由谁办理(--as 姓名)", "Say who does this: --as NAME")
NO_ACCOUNT = Text("没有名为 {name} 的账号", "No account is called {name}")
NOT_IN_USE = Text("账号 {name} 已停用", "The account {name} is disabled")
BAD_NAME = Text("账号名为 1 至 40 个字,不含控制字符", "An account's name has 1 to 40 characters and no control characters")
BAD_ROLE = Text("没有“{role}”这个角色;有:{known}", "There is no role {role}; there is: {known}")
BAD_UNIT = Text("没有编码为 {unit} 的乡镇、街道", "No township or street has the code {unit}")
NEEDS_UNITS = Text("“{role}”须指定单位", "{role} needs units")
NEEDS_GROUP = Text("“{role}”须指定专项组;有:{known}", "{role} needs a working group; there is: {known}")
LAST_ADMIN = Text(
    "这是最后一个管理员账号,不能停用或改为其他角色", "This is the last administrator: it cannot be disabled or given another role"
)


class AccountError(Exception):
    """What was asked of an account cannot be done; `message` says why in both languages."""

    def __init__(self, message: Text) -> None:
        self.message = message
        super().__init__(message.en)
