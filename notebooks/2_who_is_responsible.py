# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2 谁负责 / Who is responsible
#
# 汛期前接到电话:防汛物资归谁管?答案要有单位、角色、原句和出处,才能照着去找人。
#
# *Flood season is near: who answers for flood supplies? The answer has the unit, its role, the sentence and its place.*

# %%
import matplotlib.pyplot as plt

import kg
from kg.demo import sample_plans
from kg.views.notebook import chinese_font

chinese_font()
plans = sample_plans()
graph = kg.build([plans / "yunzhu_fangxun_yuan.txt", plans / "yunzhu_2024_yaodian.txt"], workers=1)
supplies = graph.who_is_responsible("防汛物资")
supplies[["owner", "role", "task", "deadline", "section", "quote", "why"]].head(10)

# %% [markdown]
# 点开 `quote`、`why` 就是原文和为什么算匹配:问「防汛物资」,也找它下面的冲锋舟、排水泵(`why` 写明走的是哪一级),但不往上扩。
# 没写责任单位的任务排在最后,`owner` 是空的。
#
# *Topics expand to narrower words, never to broader ones. Tasks that name no one come last.*

# %%
supplies[supplies["owner"].isna()][["task", "section"]]

# %% [markdown]
# ## 一个单位的全部任务 / All tasks of one unit
#
# 反过来问:水利局到底担着什么?牵头、负责、配合要分开看。

# %%
load = graph.shared_owners(by="load").head(12)
load

# %%
figure, axes = plt.subplots(figsize=(8, 4))
left = [0] * len(load)
for role, caption, colour in (
    ("lead", "牵头", "#12395b"),
    ("responsible", "负责", "#3a86a8"),
    ("support", "配合", "#c9ccd1"),
):
    axes.barh(load["owner"], load[role], left=left, color=colour, label=caption)
    left = [before + count for before, count in zip(left, load[role], strict=True)]
axes.invert_yaxis()
axes.spines[["top", "right"]].set_visible(False)
axes.set_title("任务最多的单位,按角色", loc="left")
axes.legend(frameon=False)
figure.tight_layout()

# %% [markdown]
# ## 只看一份计划、一个响应级别、一种角色 / Narrow it down

# %%
flood = "防汛 预案"
graph.who_is_responsible("洪涝", plan=flood, role="lead")[["owner", "task", "section", "quote"]].head(8)

# %%
graph.who_is_responsible("巡查", plan=flood, level="Ⅰ")[["owner", "role", "task", "response_level", "quote"]].head(8)

# %% [markdown]
# ## 问的词图谱里没有 / A word that the graph does not have
#
# 不猜、不编:没有就是没有,并列出最接近的词。
#
# *No guess: no rows, and the nearest words.*

# %%
graph.who_is_responsible("防汛物质")

# %% [markdown]
# 上一本:[1 建图谱](1_build_and_look.ipynb) · 下一本:[3 共担与网络](3_shared_owners.ipynb)
