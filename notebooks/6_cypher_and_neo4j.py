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
# # 6 Cypher 与 Neo4j / Cypher and Neo4j
#
# 三个现成的问题之外,任何问题都能用 Cypher 问。图谱存在一个文件里(Ladybug,嵌入式),不用装服务器。
#
# *Beyond the ready questions, ask anything in Cypher. The graph is one embedded file; no server is needed.*

# %%
import os

import kg
from kg.demo import sample_plans

plans = sample_plans()
graph = kg.build([plans / "yunzhu_fangxun_yuan.txt", plans / "yunzhu_2025_zongti_yuan.txt"], workers=1)

# %%
# %load_ext kg

# %% [markdown]
# `$hazard` 是笔记本里同名的变量:值从不拼进查询语句。

# %%
hazard = "洪涝灾害"

# %% active="ipynb"
# %%cypher
# MATCH (a:Agency)-[r:RESPONSIBLE_FOR]->(t:Task)-[:ADDRESSES]->(h:Hazard {name: $hazard})
# RETURN a.name AS owner, r.role AS role, t.text AS task, r.quote AS quote, r.span_start AS start
# ORDER BY owner, start LIMIT 10

# %% [markdown]
# ## 谁管的物资最多 / Who manages most

# %% active="ipynb"
# %%cypher graph > managed
# MATCH (a)-[m:MANAGES]->(s)
# RETURN a.name AS unit, count(DISTINCT s) AS things, collect(DISTINCT s.name) AS names
# ORDER BY things DESC, unit LIMIT 8

# %%
managed["things"].sum()  # noqa: F821 (the cell above made it)

# %% [markdown]
# ## 议事协调机构有哪些成员 / Members of the coordinating bodies

# %% active="ipynb"
# %%cypher
# MATCH (m)-[r:MEMBER_OF]->(c:Committee)
# RETURN c.name AS body, count(DISTINCT m) AS members, collect(DISTINCT m.name) AS names
# ORDER BY members DESC, body

# %% [markdown]
# ## 同一个图谱,放到 Neo4j 服务器上 / The same graph on a Neo4j server
#
# 标签、关系、属性都一样,查询不用改。设好 `NEO4J_URI`(以及 `NEO4J_USER`、`NEO4J_PASSWORD`)再运行,这一格就把图谱推上去。
#
# *Same labels, same queries. With `NEO4J_URI` set, this cell pushes the graph.*

# %%
if os.environ.get("NEO4J_URI") and hasattr(graph, "to_neo4j"):
    print(graph.to_neo4j())
else:
    print("没有设置 NEO4J_URI,跳过 / NEO4J_URI is not set: skipped")

# %% [markdown]
# 上一本:[5 比较计划](5_compare_plans.ipynb) · 下一本:[7 RDF 与 SPARQL](7_rdf_and_sparql.ipynb)
