"""The pages before the application: sign in, choose a password, no entry. Plain HTML without any script; one constant style.

Everything that a person typed or an account holds is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from townboard import passwords
from townboard.text import LANGUAGES, Language, Text

NAME = Text("基层治理看板", "Townboard")
ACTION = Text("抓党建促基层治理能力提升专项行动", "Party building leads better grassroots governance")
NAMES: Final[Mapping[Language, str]] = {"zh": "中文", "en": "English"}
_EMBLEM = (Path(__file__).resolve().parents[1] / "assets" / "emblem.svg").read_text(encoding="utf-8")

STYLE: Final = """
:root { color-scheme: light dark; --ground: #f7f4ef; --card: #fff; --ink: #22262c; --soft: #5d636d; --line: #e4ded3; --field: #fff;
  --red: #9e1b22; --on-red: #fff; --wrong: #fbeceb; --wrong-ink: #8a1c22; --told: #eef3f9; --told-ink: #1f4b7c; --ring: #c46a70; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #101317; --card: #181c22; --ink: #e9e6e1; --soft: #a5a9b0; --line: #343a44; --field: #20252d;
    --red: #b9333a; --on-red: #fff; --wrong: #3a2123; --wrong-ink: #f0b4b6; --told: #1d2a3a; --told-ink: #b5cfee; --ring: #dd7479; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center; background: var(--ground); color: var(--ink);
  font: 16px/1.6 -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", sans-serif; }
body::before { content: ""; align-self: stretch; height: 4px; background: var(--red); }
main { width: 100%; max-width: 25rem; margin: auto; padding: 1.5rem 1.25rem 1rem; }
header { text-align: center; margin-bottom: 1.6rem; }
header svg { width: 56px; height: 56px; display: block; margin: 0 auto 0.9rem; }
h1 { font-size: 1.6rem; line-height: 1.3; margin: 0 0 0.3rem; font-weight: 700; letter-spacing: 0.02em; }
header p { margin: 0; color: var(--soft); font-size: 0.95rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 0.9rem; padding: 1.6rem 1.6rem 1.7rem;
  box-shadow: 0 1px 2px rgb(0 0 0 / 4%), 0 10px 30px rgb(0 0 0 / 5%); }
h2 { font-size: 1.15rem; margin: 0 0 1rem; font-weight: 650; }
label { display: block; font-size: 0.95rem; font-weight: 600; margin: 0 0 0.35rem; }
input { width: 100%; font: inherit; color: inherit; background: var(--field); border: 1px solid var(--line); border-radius: 0.5rem;
  padding: 0.62rem 0.8rem; margin-bottom: 1rem; }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid var(--ring); outline-offset: 1px; }
button, .button { display: block; width: 100%; font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; border: 1px solid var(--red);
  border-radius: 0.5rem; padding: 0.66rem 1rem; background: var(--red); color: var(--on-red); margin-top: 0.3rem; }
button:hover, .button:hover { filter: brightness(1.08); }
.second { background: transparent; color: var(--ink); border-color: var(--line); }
.or { display: flex; align-items: center; gap: 0.8rem; color: var(--soft); font-size: 0.88rem; margin: 1.1rem 0 0.8rem; }
.or::before, .or::after { content: ""; flex: 1; height: 1px; background: var(--line); }
.said { border-radius: 0.5rem; padding: 0.6rem 0.85rem; margin: 0 0 1.1rem; background: var(--told); color: var(--told-ink); }
.said.wrong { background: var(--wrong); color: var(--wrong-ink); }
.hint { color: var(--soft); font-size: 0.88rem; margin: -0.6rem 0 1rem; }
code { font-family: ui-monospace, "SFMono-Regular", "Cascadia Mono", "Noto Sans Mono CJK SC", monospace; font-size: 0.9em; overflow-wrap: anywhere; }
footer { text-align: center; color: var(--soft); font-size: 0.9rem; padding: 1.1rem 1.25rem 1.6rem; }
footer a { color: inherit; } footer p { margin: 0.2rem 0; }
@media (max-width: 420px) { main { margin: 0 auto; padding-top: 2.2rem; } .card { padding: 1.3rem 1.15rem; } }
"""
"""Constant: its hash stands in the policy."""

SIGN_IN = Text("登录", "Sign in")
ACCOUNT, PASSWORD = Text("账号", "Account"), Text("密码", "Password")
FORGOTTEN = Text(
    "忘记密码或没有账号,请联系专办。", "No account, or the password forgotten? Please ask the special-action office."
)
OIDC = Text("统一身份认证登录", "Sign in with the identity service")
OR = Text("或", "or")
CHOOSE = Text("设置新密码", "Choose a new password")
FIRST = Text("首次登录或密码已重置,请先设置自己的密码。", "This is a first password: choose your own before you go on.")
OLD, NEW, AGAIN = Text("原密码", "Old password"), Text("新密码", "New password"), Text("再输一遍新密码", "New password again")
RULE = Text(
    "至少 {n} 位;不用连续的数字或字母,不含账号名。",
    "At least {n:character|characters}; no run of digits or letters, not the account's name.",
)
SAVE, BACK = Text("保存", "Save"), Text("返回", "Back")
LOCAL_ONLY = Text("只能在本机打开", "On its own machine only")
NO_ACCOUNTS = Text(
    "数据库还没有账号,为保护数据,只允许在服务器本机上打开。请管理员在服务器上建立第一个账号:",
    "This store has no accounts yet, so it opens on the server's own machine only. Please create the first account there:",
)
FIRST_ACCOUNT = "python -m townboard user add NAME --role admin"


def sheet(language: Language, title: Text, place: Text, body: str, *, foot: str = "") -> str:
    """A whole page: emblem, names, a card with `body` (HTML), a foot."""
    tag = "zh-CN" if language == "zh" else "en"
    return (
        f'<!doctype html><html lang="{tag}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{escape(title.say(language))} · {escape(NAME.say(language))}</title>'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head><body><main><header>{_EMBLEM}'
        f"<h1>{escape(NAME.say(language))}</h1><p>{escape(place.say(language))} · {escape(ACTION.say(language))}</p></header>"
        f'<div class="card"><h2>{escape(title.say(language))}</h2>{body}</div></main><footer>{foot}</footer></body></html>'
    )


def _said(words: Text | None, language: Language, *, wrong: bool = True) -> str:
    if words is None:
        return ""
    return f'<p class="said{" wrong" if wrong else ""}" role="{"alert" if wrong else "status"}">{escape(words.say(language))}</p>'


def _field(
    name: str, label: Text, language: Language, *, kind: str = "password", value: str = "", fill: str, focus: bool = False
) -> str:
    return (
        f'<label for="{name}">{escape(label.say(language))}</label><input id="{name}" name="{name}" type="{kind}" value="{escape(value)}" '
        f'autocomplete="{fill}" maxlength="{passwords.LONGEST}" required{" autofocus" if focus else ""}>'
    )


def _hidden(**values: str) -> str:
    return "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in values.items())


def _languages(language: Language, path: str, to: str) -> str:
    links = []
    for other in LANGUAGES:
        if other != language:
            tag = "zh-CN" if other == "zh" else "en"
            links.append(f'<a lang="{tag}" href="{path}?{escape(urlencode({"lang": other, "to": to}))}">{NAMES[other]}</a>')
    return f"<p>{' · '.join(links)}</p>"


def sign_in(
    language: Language, place: Text, *, form: str, to: str, wrong: Text | None = None, name: str = "", oidc: bool = False
) -> str:
    """The sign-in page. `form`: the token that ties it to this browser; `to`: where to go on; `oidc`: whether there is a provider."""
    provider = ""
    if oidc:
        link = f"/sign-in/oidc?{urlencode({'to': to})}"
        provider = f'<div class="or">{escape(OR.say(language))}</div><a class="button second" href="{escape(link)}">{escape(OIDC.say(language))}</a>'
    body = (
        f'{_said(wrong, language)}<form method="post" action="/sign-in">{_hidden(form=form, to=to, lang=language)}'
        f"{_field('name', ACCOUNT, language, kind='text', value=name, fill='username', focus=not name)}"
        f"{_field('password', PASSWORD, language, fill='current-password', focus=bool(name))}"
        f"<button>{escape(SIGN_IN.say(language))}</button></form>{provider}"
    )
    return sheet(
        language, SIGN_IN, place, body, foot=f"<p>{escape(FORGOTTEN.say(language))}</p>{_languages(language, '/sign-in', to)}"
    )


def password(language: Language, place: Text, *, form: str, to: str, first: bool, wrong: Text | None = None) -> str:
    """The page to choose a password on; `first`: the person has to, before anything else."""
    back = "" if first else f'<a class="button second" href="{escape(to)}">{escape(BACK.say(language))}</a>'
    told = wrong or (FIRST if first else None)
    rule = escape(RULE.fill(n=passwords.SHORTEST).say(language))
    body = (
        f'{_said(told, language, wrong=wrong is not None)}<form method="post" action="/password">{_hidden(form=form, to=to, lang=language)}'
        f"{_field('old', OLD, language, fill='current-password', focus=True)}{_field('new', NEW, language, fill='new-password')}"
        f'<p class="hint">{rule}</p>{_field("again", AGAIN, language, fill="new-password")}'
        f"<button>{escape(SAVE.say(language))}</button></form>{back}"
    )
    return sheet(language, CHOOSE, place, body, foot=_languages(language, "/password", to))


def told(language: Language, place: Text, title: Text, words: Text, *, command: str = "", to: str = "") -> str:
    """A page that says one thing, with a command to type or a way on."""
    typed = f"<p><code>{escape(command)}</code></p>" if command else ""
    on = f'<a class="button" href="{escape(to)}">{escape(SIGN_IN.say(language))}</a>' if to else ""
    return sheet(language, title, place, f"<p>{escape(words.say(language))}</p>{typed}{on}")
