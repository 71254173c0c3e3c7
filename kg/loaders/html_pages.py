"""HTML: the article of a web page with its tables, and what a government page says of it (索引号, 发布机构, 文号, …).

The article is the element that common systems of government sites mark, else the smallest one that holds most of the
words outside links. What stands around it (menus, breadcrumbs, links, footers) is left out, and counted in the notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from kg.errors import UnreadableFile
from kg.loaders.composing import Composer, Field
from kg.loaders.content import Content, Limits
from kg.loaders.regions import is_title
from kg.loaders.wording import spaced

_ARTICLES = (
    "#UCAP-CONTENT", ".TRS_Editor", ".TRS_UEDITOR", ".trs_editor_view", "#zoom", "#Zoom", ".pages_content", ".article-content",
    ".article_content", ".articleContent", "#articleContent", ".wp_articlecontent", "#vsb_content", ".v_news_content", ".view",
    ".xxgk_content", ".news_content", ".con_text", "#content_body", ".bt_content", "#ivs_content", ".zwxl-article", "article",
)  # fmt: skip
"""What marks the article in the systems that government sites are made with."""
_NO_TEXT = {
    "script", "style", "noscript", "template", "svg", "iframe", "object", "button", "select", "option", "input", "textarea",
    "head", "map", "audio", "video", "canvas",
}  # fmt: skip
_FURNITURE_TAGS = {"nav", "footer", "aside", "header", "form"}
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|breadcrumb|crumbs?|footer|foot|copyright|sidebar|share|bshare|social|toolbar|related|recommend|"
    r"pager|pagination|comments?|advert|banner|search|login|qrcode|ewm|dqwz|position|weizhi|friendlink|links|skip)(?:[\s_-]|$)",
    re.I,
)
_BLOCKS = {
    "p", "div", "section", "article", "main", "header", "footer", "aside", "nav", "form", "fieldset", "blockquote", "pre", "center",
    "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "td", "th", "tbody", "thead", "tfoot",
    "caption", "figure", "figcaption", "hr", "address", "body", "details", "summary",
}  # fmt: skip
_LABEL = re.compile(rf"[\[【]?\s*({spaced('header-labels')})\s*[】\]]?\s*(?:[:：]\s*|$)")
_FIRST_LINES = 8
"""Lines at the head of an article among which its title stands."""

_META = {"ArticleTitle": "title", "PubDate": "发布日期", "ContentSource": "发布机构"}
_DEEPEST = 200


def read(data: bytes, name: str, limits: Limits) -> Content:
    """A web page: its article."""
    text, encoding = _decoded(data)
    tree = LexborHTMLParser(text)
    body = tree.body
    if body is None:
        raise UnreadableFile(f"{name}: a web page without a body; save it anew from the browser", "no_text")
    meta = _meta(tree)
    for node in body.css(",".join(sorted(_NO_TEXT))):
        node.decompose()
    hidden = _drop_hidden(body)
    article = _article(body)
    outside = list(_lines_outside(body, article))
    composer = Composer()
    for label, value in _header(outside, meta).items():
        composer.line(f"{label}：{value}")
    walker = _Walker(composer, _weight(article))
    title = _title(tree, body, article, meta)
    if title:
        composer.line(title)
    walker.walk(article, 0)
    walker.flush()
    if not composer.text() or not (walker.words or composer.tables):
        raise UnreadableFile(
            f"{name}: a web page without words (its text may be made by a script); save it as PDF", "no_text"
        )
    notes = []
    left = [line for line in [*outside, *walker.left] if line.strip()]
    if left:
        shown = "、".join(line[:12] for line in left[:3])
        notes.append(f"{sum(map(len, left)):,} characters around the article ({shown}…): page furniture; not read")
    if hidden:
        notes.append(f"{hidden} hidden elements: not read")
    return Content(
        composer.text(),
        encoding,
        f"web page ({encoding})",
        composer.positions(),
        tables=composer.tables,
        notes=tuple(notes),
    )


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace"), encoding
    said = re.search(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", data[:4096], re.I) or re.match(
        rb"\s*<\?xml[^>]+encoding=[\"']([\w-]+)", data
    )
    names = [said[1].decode("ascii")] if said else []
    for encoding in [*names, "utf-8", "gb18030"]:
        encoding = "gb18030" if encoding.lower() in ("gb2312", "gbk") else encoding.lower()
        try:
            return data.decode(encoding), encoding
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("utf-8", "replace"), "utf-8"


def _meta(tree: Any) -> dict[str, str]:
    """What the page's head says (the national standard for government sites names these)."""
    found = {}
    for node in tree.css("meta"):
        name, content = node.attributes.get("name") or "", (node.attributes.get("content") or "").strip()
        if name in _META and content:
            found[_META[name]] = content
    return found


def _drop_hidden(body: Any) -> int:
    count = 0
    for node in body.css("[style*=display],[hidden]"):
        style = re.sub(r"\s", "", node.attributes.get("style") or "").lower()
        if ("display:none" in style or "hidden" in node.attributes) and node.parent is not None:
            count += bool((node.text() or "").strip())
            node.decompose()
    return count


def _weight(node: Any) -> int:
    """The characters of an element outside links."""
    links = sum(len(_bare(link.text())) for link in node.css("a"))
    return len(_bare(node.text())) - links


def _bare(words: str | None) -> str:
    return re.sub(r"\s+", "", words or "")


def _furniture(node: Any) -> bool:
    if node.tag in _FURNITURE_TAGS:
        return True
    words = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
    return bool(words.strip()) and _FURNITURE.search(words) is not None


def _article(body: Any) -> Any:
    """The element that holds the article."""
    whole = _weight(body)
    for selector in _ARTICLES:
        found = list(body.css(selector))
        if found:
            best = max(found, key=_weight)
            if _weight(best) * 5 >= whole or _weight(best) > 400:
                return best
    at = body
    total = _weight(at)
    while True:
        children = [
            (node, _weight(node))
            for node in at.iter(include_text=False)
            if node.tag in _BLOCKS - {"p", "table", "tr", "td", "tbody", "ul", "ol", "li"} and not _furniture(node)
        ]
        if at.tag == "body" and not children:
            return at
        heaviest = max(children, key=lambda pair: pair[1], default=None)
        if heaviest is None or heaviest[1] * 5 < total * 4:
            return at
        at, total = heaviest


def _same(one: Any, other: Any) -> bool:
    return bool(one.mem_id == other.mem_id)


def _lines_outside(body: Any, article: Any) -> Iterator[str]:
    """The words of a page outside its article, a line an element of text."""
    if _same(body, article):
        return
    stack = [body]
    while stack:
        node = stack.pop()
        if _same(node, article):
            continue
        children = list(node.iter(include_text=True))
        inline = all(child.tag not in _BLOCKS for child in children)
        if inline or node.tag == "-text":
            words = " ".join((node.text() or "").split())
            if words:
                yield words
        else:
            stack.extend(reversed(children))


def _header(lines: list[str], meta: dict[str, str]) -> dict[str, str]:
    """Labels and values of the page's table of metadata, in the order of the page."""
    found: dict[str, str] = {}
    label = ""
    for line in lines:
        marks = list(_LABEL.finditer(line))
        if label and not marks and len(line) <= 80:
            found.setdefault(label, line)
        label = ""
        for place, mark in enumerate(marks):
            end = marks[place + 1].start() if place + 1 < len(marks) else len(line)
            value = line[mark.end() : end].strip(" ;；|　")
            name = re.sub(r"\s", "", mark[1])
            if value and len(value) <= 80:
                found.setdefault(name, value)
            elif not value and place == len(marks) - 1:
                label = name
    if len(found) < 2:  # a lone label is no table of metadata
        found |= {name: value for name, value in meta.items() if name != "title"}
    return {name: value for name, value in found.items() if not _LABEL.match(value)}


def _title(tree: Any, body: Any, article: Any, meta: dict[str, str]) -> str:
    """The title of the page, where the article does not begin with it."""
    words = meta.get("title", "")
    if not words:
        heads = [node for node in body.css("h1,.article-title,.arti_title,.title,#title") if not _furniture(node)]
        words = next((line for node in heads if 6 <= len(line := " ".join((node.text() or "").split())) <= 90), "")
    if not words and tree.css_first("title") is not None:
        words = re.split(
            r"[_|]|\s[-—–]\s|-(?=[^-]{2,20}(?:局|网|政府|站)$)", (tree.css_first("title").text() or "").strip()
        )[0].strip()
        first = [line for line in article.text(separator="\n").splitlines() if line.strip()][:_FIRST_LINES]
        if not is_title(words) and any(map(is_title, first)):
            return ""  # the tab names the part of the site, the article has a title of its own
    key = _bare(words)
    return words if 4 <= len(key) <= 90 and key not in _bare(article.text())[: len(key) + 400] else ""


class _Walker:
    """Writes the paragraphs and tables of an element."""

    def __init__(self, composer: Composer, whole: int = 0) -> None:
        self.composer = composer
        self.words = 0
        self.left: list[str] = []
        """Menus and the like within the element, which are left out."""
        self._whole = whole
        self._line: list[str] = []
        self._heading = 0

    def flush(self) -> None:
        """Ends a paragraph."""
        lines = [re.sub(r"[ \t\r\f\v\n]+", " ", line).strip(" ") for line in "".join(self._line).split("\v")]
        self._line = []
        kept = [line for line in lines if line.strip()]
        if not kept:
            return
        self.words += sum(map(len, kept))
        for line in kept:
            if self._heading and len(kept) == 1 and len(line) <= 60:
                self.composer.heading(line, self._heading)
            else:
                self.composer.paragraph(line)

    def walk(self, node: Any, depth: int) -> None:
        """Writes an element's children."""
        number = 0
        for child in node.iter(include_text=True):
            tag = child.tag
            if tag == "-text":
                self._line.append((child.text(deep=False) or "").replace("\v", " "))
            elif tag == "br":
                self._line.append("\v")
            elif tag == "table" and depth < _DEEPEST:
                self.flush()
                self._table(child, depth)
            elif tag in _BLOCKS and self._whole and _furniture(child) and _weight(child) * 5 < self._whole:
                self.flush()
                self.left.append(" ".join((child.text() or "").split()))
            elif tag in _BLOCKS and depth < _DEEPEST:
                self.flush()
                if tag == "li" and node.tag == "ol":
                    number += 1
                    if not re.match(r"\s*(?:\d|[（(一二三四五六七八九十])", child.text() or ""):
                        self._line.append(f"{number}.")
                level = int(tag[1]) if re.fullmatch("h[1-6]", tag) else 0
                self._heading = level or self._heading
                self.walk(child, depth + 1)
                self.flush()
                if level:
                    self._heading = 0
            elif depth < _DEEPEST:
                self.walk(child, depth + 1)
            else:
                self._line.append(child.text() or "")

    def _table(self, node: Any, depth: int) -> None:
        rows = list(_rows(node))
        cells = [cell for row in rows for cell in _cells(row)]
        nested = any(cell.css_first("table") is not None for cell in cells)
        if nested or len(cells) < 2 or max((len(list(_cells(row))) for row in rows), default=0) < 2:
            self.walk(node, depth + 1)  # it arranges the page
            return
        caption = node.css_first("caption")
        if caption is not None and (caption.text() or "").strip():
            self.composer.paragraph(" ".join(caption.text().split()))
        self.words += 1
        self.composer.table(
            [
                [Field(_cell_words(cell), _span(cell, "rowspan"), _span(cell, "colspan")) for cell in _cells(row)]
                for row in rows
            ]
        )


def _rows(table: Any) -> Iterator[Any]:
    for child in table.iter(include_text=False):
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from _rows(child)


def _cells(row: Any) -> Iterator[Any]:
    for child in row.iter(include_text=False):
        if child.tag in ("td", "th"):
            yield child


def _span(cell: Any, name: str) -> int:
    value = re.match(r"\s*(\d{1,4})", cell.attributes.get(name) or "")
    return max(1, int(value[1])) if value else 1


def _cell_words(cell: Any) -> str:
    composer = Composer()
    walker = _Walker(composer)
    walker.walk(cell, 1)
    walker.flush()
    return re.sub(r"^#+ ", "", composer.text(), flags=re.M)
