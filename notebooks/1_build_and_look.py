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
# # 1 建图谱,先看一眼 / Build and look
#
# 样例是一个虚构的区的七份计划和预案。几行代码读完它们,就能问:谁、对哪个灾种、带着什么物资、在什么时限前、做什么。
# 自己的计划:把 `sample_plans()` 换成放计划的文件夹。
#
# *The samples are seven plans of an invented district. A few lines read them. For your own plans put their folder in place of `sample_plans()`.*

# %%
import matplotlib.pyplot as plt

import kg
from kg.demo import sample_plans
from kg.views.notebook import chinese_font

chinese_font()
graph = kg.build(sample_plans(), workers=1)
graph

# %% [markdown]
# 读了什么、没读什么,都要说清楚。没有入库的文件在 `graph.left_out()` 里,每个带原因;这里只有说明文件。
#
# *Nothing is dropped silently: what was left out has its reason.*

# %%
graph.plans()[["title", "kind", "issued", "tasks", "owned"]]

# %%
graph.left_out()

# %% [markdown]
# ## 写没写明责任单位 / Do the plans name owners?
#
# 每份计划的任务里,多少项写明了责任单位?规划和总结写得少,预案和工作要点写得多。

# %%
plans = graph.plans().sort_values("tasks")
figure, axes = plt.subplots(figsize=(8, 3.6))
names = [title if len(title) < 19 else title[:18] + "…" for title in plans["title"]]
axes.barh(names, plans["tasks"], color="#d9dee5", label="任务")
axes.barh(names, plans["owned"], color="#2a6f97", label="其中写明责任单位")
for row, (tasks, owned) in enumerate(zip(plans["tasks"], plans["owned"], strict=True)):
    axes.text(tasks + 1, row, f"{owned}/{tasks}", va="center", fontsize=9)
axes.spines[["top", "right"]].set_visible(False)
axes.set_title("七份样例计划的任务", loc="left")
axes.legend(frameon=False, loc="lower right")
figure.tight_layout()

# %% [markdown]
# ## 看图 / Look at it
#
# 左边是单位,中间是任务,右边是灾种和资源。点一个节点或一条线,右侧就是它的原文、计划、章节。
# `graph.to_html("plans.html")` 把整个图谱写成一个网页文件,不联网也能打开,可以直接发给同事。
#
# *Owners on the left, tasks in the middle, hazards and resources on the right; click for the words. `graph.to_html` writes the whole graph
# as one file that opens offline.*

# %%
graph.show("区气象局", height=560)

# %% [markdown]
# 下一本:[2 谁负责](2_who_is_responsible.ipynb)
