"""What Plotly says by itself in a page, in Chinese, and how it behaves there."""

from __future__ import annotations

from typing import Any

from townboard.text import Language

_CHINESE: dict[str, Any] = {
    "dictionary": {
        "Autoscale": "自动缩放", "Download plot as a png": "下载图片(PNG)", "Download plot": "下载图片",
        "Reset axes": "恢复坐标轴", "Zoom": "缩放", "Pan": "平移", "Taking snapshot - this may take a few seconds": "正在生成图片…",
        "Snapshot succeeded": "图片已生成", "Sorry, there was a problem downloading your snapshot!": "图片没有生成",
        "Double-click on legend to isolate one trace": "双击图例只看一项", "Fullscreen": "全屏", "max:": "最大:", "min:": "最小:",
    },
    "format": {
        "days": ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"],
        "shortDays": ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
        "months": ["一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"],
        "shortMonths": ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"],
        "date": "%Y-%m-%d", "decimal": ".", "thousands": ",", "grouping": [3],
    },
}  # fmt: skip


def plotly_config(language: Language) -> dict[str, Any]:
    """Plotly's own words: no buttons (pictures are made on the server, with their words in them), nothing that calls outside."""
    config: dict[str, Any] = {
        "displaylogo": False,
        "displayModeBar": False,
        "scrollZoom": False,
        "doubleClick": False,
        "responsive": True,
    }
    if language == "zh":
        config |= {"locale": "zh-CN", "locales": {"zh-CN": _CHINESE}}
    return config
