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
# # 4 没有覆盖什么 / What is left uncovered
#
# 计划里「没有」的东西最难看出来。图谱逐项查:任务没写单位,灾种没有任务、没有责任单位、没有队伍物资,目标没人认领。
# 「缺」的意思是:这些规则在全文里没有找到。说是缺口之前,先看原文;每一行都写明查了哪里。
#
# *What a plan lacks is hardest to see. `absent` means: not found by these rules; each row says what was searched.*

# %%
import matplotlib.pyplot as plt
import pandas as pd

import kg
from kg.demo import sample_plans
from kg.views.captions import CODES
from kg.views.notebook import chinese_font

chinese_font()
plans = sample_plans()
names = ["yunzhu_fangxun_yuan.txt", "yunzhu_2024_yaodian.txt", "yunzhu_senlin_fangan.md"]
graph = kg.build([plans / name for name in names], workers=1)
gaps = graph.uncovered("防汛 预案")
gaps[gaps["state"] == "absent"][["ground", "item", "state", "section", "quote", "searched", "why"]]

# %% [markdown]
# `stated_elsewhere` 不是缺口:别处写明了,`why` 给出在哪里。`cannot_be_judged` 是文字损坏,判断不了。

# %%
gaps[gaps["state"] != "absent"][["ground", "item", "state", "why"]]

# %% [markdown]
# ## 三份计划放在一起 / Three plans side by side

# %%
titles = graph.plans().set_index("id")["title"]
found = pd.concat([graph.uncovered(plan) for plan in titles.index])
found = found[(found["state"] == "absent") & (found["demand"] != "none")]
counts = found.groupby(["ground", "plan"]).size().unstack(fill_value=0).rename(columns=titles, index=CODES["ground"])
figure, axes = plt.subplots(figsize=(8, 3.2))
counts.plot.barh(ax=axes, color=["#2a6f97", "#bc6c25", "#2d936c"], width=0.75)
axes.invert_yaxis()
axes.set_ylabel("")
axes.spines[["top", "right"]].set_visible(False)
axes.legend(frameon=False, fontsize=8)
axes.set_title("各类缺口的数目", loc="left")
figure.tight_layout()

# %% [markdown]
# ## 单位×灾种 / Owners by hazards
#
# 每个灾种有谁在管?颜色越深任务越多;空着的一整列就是没人管的灾种。网页里的矩阵(`graph.to_html`)可以点开每一格。

# %%
rows = graph.cypher(
    "MATCH (a:Agency)-[:RESPONSIBLE_FOR]->(t:Task)-[:ADDRESSES]->(h:Hazard) "
    "RETURN a.name AS owner, h.name AS hazard, count(DISTINCT t) AS tasks"
)
matrix = rows.pivot_table(index="owner", columns="hazard", values="tasks", fill_value=0)
named = graph.cypher("MATCH (:Section)-[:MENTIONS]->(h:Hazard) RETURN DISTINCT h.name AS hazard")["hazard"]
matrix = matrix.reindex(columns=matrix.columns.union(pd.Index(named)), fill_value=0)
matrix = matrix.loc[matrix.sum(axis=1).nlargest(14).index, matrix.sum().sort_values(ascending=False).index]
figure, axes = plt.subplots(figsize=(10, 5))
axes.imshow(matrix, cmap="Blues", aspect="auto", vmin=0)
axes.set_xticks(range(matrix.shape[1]), matrix.columns, rotation=90, fontsize=8)
axes.set_yticks(range(matrix.shape[0]), matrix.index, fontsize=9)
for row in range(matrix.shape[0]):
    for column in range(matrix.shape[1]):
        value = int(matrix.iat[row, column])
        if value:
            axes.text(column, row, value, ha="center", va="center", fontsize=8, color="white" if value > 8 else "black")
figure.tight_layout()

# %% [markdown]
# 上一本:[3 共担与网络](3_shared_owners.ipynb) · 下一本:[5 比较计划](5_compare_plans.ipynb)
