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
# # 5 比较计划 / Compare plans
#
# 同一个局 2024 年和 2025 年的工作要点:灾种有没有换重点?谁的担子重了、轻了?哪些任务原样写了两年?
#
# *The same bureau's work points of two years: did the weight move between hazards, did loads change, which tasks stand in both?*

# %%
import matplotlib.pyplot as plt

import kg
from kg.demo import sample_plans
from kg.views.notebook import chinese_font

chinese_font()
plans = sample_plans()
graph = kg.build([plans / "yunzhu_2024_yaodian.txt", plans / "yunzhu_2025_yaodian.txt"], workers=1)
year = graph.plans().set_index("id")["period_start"]
graph.plans()[["title", "period_start", "tasks", "owned"]]

# %% [markdown]
# ## 灾种的重点 / Hazards

# %%
tasks = graph.cypher(
    "MATCH (:Section)-[place:HAS_TASK]->(t:Task)-[:ADDRESSES]->(h:Hazard) "
    "RETURN DISTINCT place.plan AS plan, h.name AS hazard, t.id AS task, t.text AS text"
)
tasks["year"] = tasks["plan"].map(year)
counts = tasks.groupby(["hazard", "year"])["task"].nunique().unstack(fill_value=0)
counts["change"] = counts[2025] - counts[2024]
counts.sort_values("change")

# %%
moved = counts[counts["change"] != 0].sort_values("change")
figure, axes = plt.subplots(figsize=(8, 0.3 * len(moved) + 1.2))
axes.hlines(moved.index, moved[2024], moved[2025], color="#9aa5b1", linewidth=2)
axes.scatter(moved[2024], moved.index, color="#c9ccd1", edgecolor="#5d6878", zorder=3, label="2024", marker="s")
axes.scatter(moved[2025], moved.index, color="#2a6f97", zorder=3, label="2025")
axes.spines[["top", "right"]].set_visible(False)
axes.set_title("每个灾种的任务数,两年不同的", loc="left")
axes.legend(frameon=False, loc="lower right")
figure.tight_layout()

# %% [markdown]
# ## 谁的担子变了 / Loads

# %%
loads = {one: graph.shared_owners(plan=plan, by="load").groupby("owner")["tasks"].sum() for plan, one in year.items()}
load = loads[2024].to_frame("2024").join(loads[2025].rename("2025"), how="outer").fillna(0).astype(int)
load["change"] = load["2025"] - load["2024"]
load.sort_values("change")

# %% [markdown]
# ## 写了两年的任务 / Tasks that stand in both
#
# 字面完全相同的。措辞改了的要按相似程度配对,那是另一件事。
#
# *Word for word; a task whose wording changed needs matching by likeness.*

# %%
both = graph.cypher(
    "MATCH (p:Plan)-[:HAS_TASK]->(t:Task) WITH t.text AS task, collect(DISTINCT p.period_start) AS years "
    "WHERE size(years) > 1 RETURN task, years ORDER BY task"
)
print(f"{len(both)} 项任务两年一字不差 / tasks word for word in both")
both

# %% [markdown]
# ## 2024 年提到、2025 年没有任务的灾种 / Hazards that lost their tasks

# %%
gone = counts[(counts[2024] > 0) & (counts[2025] == 0)].index
tasks[tasks["hazard"].isin(gone)][["hazard", "text", "year"]].sort_values("hazard")

# %% [markdown]
# 上一本:[4 没有覆盖什么](4_what_is_uncovered.ipynb) · 下一本:[6 Cypher 与 Neo4j](6_cypher_and_neo4j.ipynb)
