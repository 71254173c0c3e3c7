// What is in view as rows: tasks with their owners, nodes, or relationships with their words.
function tableRows(kind, scene) {
  const names = (nodes) => listed(Array.from(new Set(nodes)).map(textOf));
  if (kind === "tasks") {
    const found = scene.nodes.filter((node) => data.nodes.label[node] === TASK).sort(byText);
    return {
      heads: ["task", "owners", "hazards", "resources", "deadline", "plan", "section"],
      rows: found.map((task) => {
        const owners = new Map(), hazards = [], resources = [];
        for (const edge of edgesOf(task)) {
          const there = other(edge, task), type = data.types[data.edges.type[edge]].name;
          if (type === "RESPONSIBLE_FOR") { if (!owners.has(there)) owners.set(there, []); owners.get(there).push(roleOf(edge)); }
          if (type === "ADDRESSES") hazards.push(there);
          if (type === "INVOLVES") resources.push(there);
        }
        const said = listed(Array.from(owners, ([owner, roles]) => `${textOf(owner)}(${listed(Array.from(new Set(roles)).map((role) => word(role)))})`));
        return { node: task, cells: [textOf(task), said, names(hazards), names(resources), (data.nodes.more[task] || {}).deadline || "",
          taskPlan[task] < 0 ? "" : textOf(taskPlan[task]), taskSection[task] < 0 ? "" : textOf(taskSection[task])] };
      }),
    };
  }
  if (kind === "nodes") {
    return {
      heads: ["label", "name", "degree"],
      rows: [...scene.nodes].sort((a, b) => data.nodes.label[a] - data.nodes.label[b] || degreeOf(b) - degreeOf(a) || a - b)
        .map((node) => ({ node, cells: [labelOf(node)[lang], textOf(node), degreeOf(node)] })),
    };
  }
  return {
    heads: ["from", "type", "role", "to", "quote", "plan", "section", "position", "start", "end"],
    rows: scene.edges.map((edge) => ({ edge, cells: [textOf(data.edges.from[edge]), typeText(edge), roleOf(edge) ? word(roleOf(edge)) : "", textOf(data.edges.to[edge]), quoteOf(edge),
      data.edges.plan[edge] < 0 ? "" : textOf(data.edges.plan[edge]), data.edges.section[edge] < 0 ? "" : textOf(data.edges.section[edge]),
      positionOf(edge), data.edges.start[edge] < 0 ? "" : data.edges.start[edge], data.edges.end[edge] < 0 ? "" : data.edges.end[edge]] })),
  };
}

function sortedRows(kind, scene) {
  const one = tableRows(kind, scene);
  if (state.sort !== null && state.sort.column < one.heads.length) {
    const { column, down } = state.sort, order = new Intl.Collator(lang === "zh" ? "zh-CN" : "en", { numeric: true });
    one.rows.sort((a, b) => (down ? -1 : 1) * (typeof a.cells[column] === "number" && typeof b.cells[column] === "number" ? a.cells[column] - b.cells[column] : order.compare(String(a.cells[column]), String(b.cells[column]))));
  }
  return one;
}

function tableScene() {  // beside the matrix the table shows what the matrix counts
  if (state.view !== "matrix") return scene;
  const nodes = [], there = new Uint8Array(nodeCount);
  for (let node = 0; node < nodeCount; node++) if (passNode[node] && !labelOf(node).hidden) { nodes.push(node); there[node] = 1; }
  const edges = [];
  for (let edge = 0; edge < edgeCount; edge++) if (passEdge[edge] && there[data.edges.from[edge]] && there[data.edges.to[edge]]) edges.push(edge);
  return { nodes, edges };
}

function showTable() {
  const host = byId("table"), one = sortedRows(state.tableKind, tableScene()), rows = one.rows.slice(0, state.rows);
  const kinds = make("span", { class: "group" }, ...["tasks", "nodes", "relations"].map((kind) =>
    make("button", { "aria-pressed": String(kind === state.tableKind), "data-kind": kind, onclick: () => { state.tableKind = kind; state.sort = null; state.rows = 200; showTable(); } }, word(kind))));
  const heads = make("tr", {}, ...one.heads.map((name, column) => {
    const sorted = state.sort && state.sort.column === column;
    return make("th", { scope: "col", tabIndex: 0, "aria-sort": sorted ? (state.sort.down ? "descending" : "ascending") : "none",
      onclick: () => { state.sort = { column, down: Boolean(sorted && !state.sort.down) }; showTable(); },
      onkeydown: (event) => { if (event.key === "Enter") { event.stopPropagation(); event.target.click(); } } }, word(name), sorted ? (state.sort.down ? " ▼" : " ▲") : "");
  }));
  const body = make("tbody", {}, ...rows.map((row) => make("tr", { class: (row.node !== undefined && row.node === state.node) || (row.edge !== undefined && row.edge === state.edge) ? "chosen" : "", onclick: () => choose(row) },
    ...row.cells.map((value) => make("td", typeof value === "number" ? { class: "number" } : {}, String(value))))));
  host.replaceChildren(make("div", { class: "bar" }, kinds, word(state.view === "matrix" ? "rows_matrix" : "rows", { count: one.rows.length })), make("table", {}, make("thead", {}, heads), body));
  if (one.rows.length > rows.length) host.append(make("div", { class: "bar" }, make("button", { onclick: () => { state.rows += 1000; showTable(); } }, word("more", { count: Math.min(1000, one.rows.length - rows.length) }))));
}

function csvText() {
  let rows;
  if (state.view === "matrix" && !state.table) rows = matrixRows();
  else {
    const one = sortedRows(state.tableKind, tableScene());
    rows = [one.heads.map((name) => word(name)), ...one.rows.map((row) => row.cells)];
  }
  const cell = (value) => {
    let text = String(value);
    if (typeof value === "string" && /^[=+\-@\t\r\n＝＋－＠]/.test(text)) text = `'${text}`;  // no formula
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  return "\ufeff" + rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}
