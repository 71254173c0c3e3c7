// What is known of the chosen node, relationship or cell, each fact with its words and place.
function nodeButton(node, most = 60) {
  return make("button", { class: "other", "data-node": String(node), onclick: () => choose({ node }, true) }, short(textOf(node), most));
}
function placeText(plan, section, start, end, position) {
  return [plan < 0 ? "" : textOf(plan), section < 0 ? "" : textOf(section), position, start < 0 ? "" : word("place", { start, end })].filter(Boolean).join(" · ");
}
function codeText(name, value) {
  const known = lang === "zh" && data.codes[name] ? data.codes[name][value] : null;
  return known || (Array.isArray(value) ? listed(value) : String(value));
}
function properties(more) {
  const list = make("dl", {});
  for (const [name, value] of Object.entries(more || {})) {
    const caption = data.properties[name] ? data.properties[name][lang === "zh" ? 0 : 1] : name;
    if (name !== "sha256") list.append(make("dt", {}, caption), make("dd", {}, codeText(name, value)));
  }
  return list.childElementCount ? list : "";
}
function evidence(edge) {
  const quote = quoteOf(edge), where = placeText(data.edges.plan[edge], data.edges.section[edge], data.edges.start[edge], data.edges.end[edge], positionOf(edge));
  return [quote ? make("blockquote", {}, quote) : make("div", { class: "where" }, word("no_quote")), where ? make("div", { class: "where" }, where) : ""];
}
function factOf(edge, node) {
  const role = roleOf(edge);
  const task = data.nodes.label[node] === TASK ? -1 : [data.edges.from[edge], data.edges.to[edge]].find((end) => data.nodes.label[end] === TASK && end !== node);
  return make("div", { class: "fact", "data-edge": String(edge) }, nodeButton(other(edge, node), task >= 0 ? 200 : 60), role ? make("span", { class: "role" }, ` ${word(role)}`) : "", ...evidence(edge));
}
function gapBlock(gap, nameNode) {
  return make("div", { class: "fact open" }, make("div", {}, make("span", { class: "state" }, word(gap.state)), ` · ${word(gap.ground)} `, nameNode ? nodeButton(gap.node) : ""),
    make("div", {}, gap.why || ""), gap.quote ? make("blockquote", {}, gap.quote) : "",
    make("div", { class: "where" }, [textOf(gap.plan), gap.section, gap.start === null ? "" : word("place", gap)].filter(Boolean).join(" · ")));
}
function taskBlock(task) {
  const lines = [make("div", {}, nodeButton(task, 400))];
  for (const edge of edgesOf(task)) {
    if (data.edges.type[edge] === OWNS) lines.push(make("div", { class: "role" }, `${textOf(data.edges.from[edge])} · ${word(roleOf(edge))} · 「${quoteOf(edge)}」`));
  }
  lines.push(make("div", { class: "where" }, placeText(taskPlan[task], taskSection[task], taskStart[task], -1, positionOf(taskPlace[task])).replace(/–-1/, "–")));
  return make("div", { class: "fact" }, ...lines);
}
function growing(host, all, step, build) {  // the first of a list, and a button for more
  let shownCount = 0;
  const button = make("button", { onclick: () => grow() });
  const grow = () => {
    button.remove();
    all.slice(shownCount, shownCount + step).forEach((one) => host.append(build(one)));
    shownCount = Math.min(all.length, shownCount + step);
    if (shownCount < all.length) { button.textContent = word("more", { count: Math.min(step, all.length - shownCount) }); host.append(button); }
  };
  grow();
}

function showFacts() {
  const host = byId("right");
  host.replaceChildren();
  if (state.cell) {
    const { owner, hazard, tasks, gaps } = state.cell;
    const title = gaps ? word("gaps_of", { name: textOf(hazard) }) : word("cell", { owner: owner === null ? word("no_owner") : textOf(owner), hazard: textOf(hazard), count: tasks.length });
    host.append(make("h2", {}, word("facts")), make("h3", {}, title), make("div", { class: "acts" },
      ...[owner, hazard].filter((node) => node !== null && node !== undefined).map((node) => make("button", { onclick: () => focusOn(node) }, `${word("focus")}: ${short(textOf(node), 12)}`))));
    if (gaps) growing(host, gaps, 40, (gap) => gapBlock(gap, false)); else growing(host, tasks, 40, taskBlock);
  } else if (state.node !== null || (state.edge === null && state.view === "graph" && !state.whole && state.centre !== null)) {
    const node = state.node !== null ? state.node : state.centre, one = labelOf(node);
    const sign = make("canvas", { width: 36, height: 36, style: "width:18px;height:18px;vertical-align:-4px" });
    paintSign(sign, one);
    const acts = make("div", { class: "acts" },
      make("button", { id: "act-focus", onclick: () => focusOn(node) }, word("focus")),
      state.view === "graph" && !state.whole && node !== state.centre
        ? make("button", { id: "act-expand", onclick: () => expand(node) }, word(state.expanded.includes(node) ? "fold" : "expand")) : "");
    host.append(make("h2", {}, word("facts")), state.node === null ? make("p", { class: "note" }, word("hint")) : "", make("h3", {}, textOf(node)), make("div", {}, sign, " ", make("span", { class: "chip" }, one[lang]), make("span", { class: "role" }, word("facts_of", { count: degreeOf(node) }))), acts, properties(data.nodes.more[node]));
    const gaps = data.gaps.filter((gap) => gap.node === node && (state.plan < 0 || gap.plan === state.plan));
    if (gaps.length) { host.append(make("h4", {}, `${word("gaps")} (${gaps.length})`)); growing(host, gaps, 12, (gap) => gapBlock(gap, false)); }
    const groups = new Map();
    for (const edge of edgesOf(node)) {
      if (!passEdge[edge]) continue;
      const key = data.edges.type[edge] * 2 + (data.edges.to[edge] === node ? 1 : 0);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(edge);
    }
    const order = (key) => (Math.floor(key / 2) === OWNS ? -2 : Math.floor(key / 2) === ADDRESSES ? -1 : key);
    for (const key of Array.from(groups.keys()).sort((a, b) => order(a) - order(b))) {
      const edges = groups.get(key), part = make("section", {});
      host.append(make("h4", {}, `${key % 2 ? "← " : "→ "}${data.types[Math.floor(key / 2)][lang]} (${edges.length})`), part);
      growing(part, edges, 15, (edge) => factOf(edge, node));
    }
  } else if (state.edge !== null) {
    const edge = state.edge, role = roleOf(edge);
    host.append(make("h2", {}, word("facts")), make("h3", {}, typeText(edge)), make("div", { class: "fact" }, nodeButton(data.edges.from[edge], 200), make("div", { class: "role" }, `→ ${typeText(edge)}${role ? " · " + word(role) : ""} →`), nodeButton(data.edges.to[edge], 200), ...evidence(edge)),
      properties(Object.fromEntries(Object.entries(data.edges.more[edge] || {}).filter(([name]) => name !== "role"))));
  } else {
    host.append(make("h2", {}, word("facts")), make("p", { class: "note" }, word("hint")), make("p", { class: "note" }, word("about")));
  }
  host.scrollTop = 0;
}
