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
# # 7 RDF 与 SPARQL / RDF and SPARQL
#
# 要和别的系统交换数据,图谱可以写成 RDF:每条责任是一个带出处的陈述(PROV、Web Annotation),词表是 SKOS,约束是 SHACL。
#
# *To exchange data, the graph is written as RDF: each responsibility is a statement with its source, vocabularies are SKOS, constraints SHACL.*

# %%
import tempfile
from pathlib import Path

import kg
from kg.demo import sample_plans

plans = sample_plans()
graph = kg.build([plans / "yunzhu_fangxun_yuan.txt", plans / "yunzhu_senlin_fangan.md"], workers=1)

# %% [markdown]
# ## 直接用 SPARQL 问 / Ask in SPARQL

# %%
graph.sparql("""
SELECT ?unit ?role ?task ?words WHERE {
  GRAPH kg:hazards { ?concept skos:altLabel "防汛"@zh }
  ?hazard skos:exactMatch ?concept .
  ?t kg:addresses ?hazard ; kg:text ?task .
  ?r a kg:Responsibility ; rdf:object ?t ; rdf:subject/kg:name ?unit ; kg:role ?role .
  ?r oa:hasTarget/oa:hasSelector/oa:exact ?words .
} ORDER BY ?unit ?task LIMIT 8
""")

# %% [markdown]
# 预存的查询按名字调用;它们和 Cypher 版给出同样的行(有测试逐行比较)。

# %%
graph.sparql("shared_pairs", {"plan": graph.plans()["id"][0]}).head(8)

# %% [markdown]
# ## 写成文件,再读回来 / Write, read back
#
# 读回来的图谱和原来的一模一样:节点、关系、原文、位置。

# %%
folder = Path(tempfile.mkdtemp())
graph.to_rdf(folder / "plans.ttl")
print((folder / "plans.ttl").read_text(encoding="utf-8")[:600])

# %%
again = kg.build(folder / "plans.ttl")
same = list(again.nodes()) == list(graph.nodes()) and list(again.relationships()) == list(graph.relationships())
print("读回来的图谱相同 / the same graph:", same)

# %% [markdown]
# ## 用 SHACL 检查 / Check against the shapes
#
# 违反约束的是错误;警告只说计划里可能缺什么。

# %%
findings = graph.check()
findings.groupby(["severity", "shape"]).size().rename("findings").reset_index()

# %% [markdown]
# 上一本:[6 Cypher 与 Neo4j](6_cypher_and_neo4j.ipynb) · 回到:[1 建图谱](1_build_and_look.ipynb)
