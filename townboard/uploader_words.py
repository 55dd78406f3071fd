"""The upload box's own few English words, said in Chinese.

Streamlit ships these words fixed. `CHINESE` is one constant (it takes nothing from anyone) that a Chinese page puts in once with
`st.html(CHINESE, unsafe_allow_javascript=True)`. It touches text inside upload boxes only. An observer does it again when
the box is drawn anew; a mark on the window keeps a second observer from starting, and a page without the marker element
(an English page) is left alone.
"""

from __future__ import annotations

import json
from typing import Final

WORDS: Final[dict[str, str]] = {
    "Upload": "选择文件",
    "Add files": "更换文件",
    "Drag and drop a file here": "松开鼠标即可上传",
    "Drag and drop files here": "松开鼠标即可上传",
}
"""What the box says → what a clerk reads; whole texts only."""

LIMIT: Final = r"^([\d.]+ ?[KMG]?B) per file$"
"""The box's line about size; its number is kept."""

MARKER: Final = "uploader-words"

CHINESE: Final = f"""<span id="{MARKER}" hidden></span>
<script>
(() => {{
  const words = {json.dumps(WORDS, ensure_ascii=False)};
  const limit = new RegExp({json.dumps(LIMIT)});
  const translate = () => {{
    if (!document.getElementById("{MARKER}")) return;
    for (const box of document.querySelectorAll('[data-testid="stFileUploader"]')) {{
      const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {{
        const text = walker.currentNode.data, whole = text.trim();
        const said = words[whole] ?? whole.replace(limit, "每个文件不超过 $1").replace(/files? (is|are) not allowed\\.$/, "格式不能上传");
        if (said !== whole) walker.currentNode.data = text.replace(whole, said);
      }}
    }}
  }};
  translate();
  if (window.townboardUploaderWords) return;
  window.townboardUploaderWords = new MutationObserver(translate);
  window.townboardUploaderWords.observe(document.body, {{childList: true, subtree: true, characterData: true}});
}})();
</script>"""
"""The marker and the script."""
