"""Charts with Chinese words: matplotlib's own font has none, and draws boxes instead."""

from __future__ import annotations

__all__ = ["chinese_font"]

_KNOWN = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "Noto Sans CJK JP", "PingFang SC", "Hiragino Sans GB",
    "Microsoft YaHei", "SimHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Arial Unicode MS",
)  # fmt: skip


def chinese_font() -> str | None:
    """Make matplotlib use the first font found that has Chinese; says on a line where there is none.

    Returns:
        The font's name; None where none was found, and charts then show boxes in place of Chinese.
    """
    import matplotlib
    from matplotlib import font_manager

    there = {font.name for font in font_manager.fontManager.ttflist}
    for name in _KNOWN:
        if name in there:
            matplotlib.rcParams["font.sans-serif"] = [name, *matplotlib.rcParams["font.sans-serif"]]
            matplotlib.rcParams["font.family"] = "sans-serif"
            matplotlib.rcParams["axes.unicode_minus"] = False
            return name
    print(
        "没有找到中文字体,图中汉字会显示为方框;请安装一种,例如 apt-get install fonts-noto-cjk / "
        "no Chinese font found, charts show boxes; install one, such as fonts-noto-cjk"
    )
    return None
