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
# # 3 共担与网络 / Shared owners and the network
#
# 很多任务不是一家能办的。哪两家必须经常坐在一起?谁离开了,网络就断?
#
# *Many tasks need several units. Which two must work together most? Who holds the network together?*

# %%
import matplotlib.pyplot as plt
import networkx as nx

import kg
from kg.demo import sample_plans
from kg.views.notebook import chinese_font

chinese_font()
graph = kg.build(sample_plans(), workers=1)
graph.shared_owners()[["owners", "task", "section", "quote"]].head(6)

# %% [markdown]
# ## 哪两家共担最多 / Pairs
#
# `tasks` 是共担的任务数,`statements` 是写在一起的责任表述数:一句标注管三项任务,任务算三,表述算一。

# %%
pairs = graph.shared_owners(by="pairs")
pairs.head(12)

# %% [markdown]
# ## 画成网络 / As a network
#
# 线越粗,共担的任务越多。只画共担三项以上的。

# %%
network = nx.Graph()
for row in pairs[pairs["tasks"] >= 3].itertuples():
    network.add_edge(row.owner_a, row.owner_b, tasks=row.tasks)
groups = sorted(nx.connected_components(network), key=len, reverse=True)
figure, both = plt.subplots(1, 2, figsize=(13, 6.4), width_ratios=[len(groups[0]), len(groups[1])])
for axes, group in zip(both, groups, strict=False):
    part = network.subgraph(sorted(group))
    place = nx.spring_layout(part, weight=None, seed=2, k=2.2 / len(part) ** 0.5, iterations=500)
    nx.draw_networkx_edges(
        part, place, ax=axes, edge_color="#8fa3b5", width=[0.35 * t for _, _, t in part.edges(data="tasks")]
    )
    degree = dict(part.degree(weight="tasks"))
    nx.draw_networkx_nodes(part, place, ax=axes, node_color="#2a6f97", node_size=[60 + 7 * degree[one] for one in part])
    for name, (x, y) in place.items():
        axes.annotate(
            name, (x, y), xytext=(0, 9), textcoords="offset points", ha="center", fontsize=9,
            bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.75},
        )  # fmt: skip
    axes.set_axis_off()
    axes.margins(0.12)
figure.tight_layout()

# %% [markdown]
# 左右两片没有一条线相连:一片是区里的各局,一片是应急局内部的科室。两片各自协作,在计划里没有写明共担的任务。
# 更小的组(共担三项以上、却和别家没有联系)没有画。
#
# *Two parts that nothing joins: bureaus of the district, and sections inside the emergency bureau.*

# %% [markdown]
# ## 谁是中间人 / Brokers
#
# 中介中心性:两家要联系,最短的路经常经过谁。任务多不等于是中间人。
#
# *Betweenness: over whom the shortest ways lead. The busiest is not always the broker.*

# %%
between = nx.betweenness_centrality(network)
load = graph.shared_owners(by="load").groupby("owner")["tasks"].sum()
rows = sorted(between, key=between.get, reverse=True)[:8]
figure, axes = plt.subplots(figsize=(8, 3.4))
axes.barh(rows, [between[name] for name in rows], color="#bc6c25")
for number, name in enumerate(rows):
    axes.text(between[name], number, f"  任务 {load.get(name, 0)}", va="center", fontsize=9)
axes.invert_yaxis()
axes.spines[["top", "right"]].set_visible(False)
axes.set_title("中介中心性最高的单位", loc="left")
figure.tight_layout()

# %% [markdown]
# 要接着用别的图算法:`graph.to_networkx()` 给出整个图谱。
#
# 上一本:[2 谁负责](2_who_is_responsible.ipynb) · 下一本:[4 没有覆盖什么](4_what_is_uncovered.ipynb)
