// The graph as the page holds it, what the filters let through, and what is in view.
const data = JSON.parse(document.getElementById("data").textContent);
const nodeCount = data.nodes.id.length, edgeCount = data.edges.type.length;
const labels = data.labels, labelNumber = Object.fromEntries(labels.map((one, number) => [one.name, number]));
const typeNumber = Object.fromEntries(data.types.map((one, number) => [one.name, number]));
const TASK = labelNumber.Task, HAZARD = labelNumber.Hazard, PLAN = labelNumber.Plan, SECTION = labelNumber.Section;
const OWNS = typeNumber.RESPONSIBLE_FOR, ADDRESSES = typeNumber.ADDRESSES, HAS_TASK = typeNumber.HAS_TASK;
const STEP = 20;  // neighbours of one kind that are shown at a time
const ROLES = ["lead", "responsible", "support"];

let lang = data.lang;
const byId = (id) => document.getElementById(id);
function word(name, values) {
  const text = data.words[lang][name] || name;
  return values ? text.replace(/\{(\w+)\}/g, (_, key) => String(values[key])) : text;
}
const labelOf = (node) => labels[data.nodes.label[node]];
const textOf = (node) => data.texts[data.nodes.text[node]] || data.nodes.id[node];
const typeText = (edge) => data.types[data.edges.type[edge]][lang];
const roleOf = (edge) => (data.edges.more[edge] || {}).role || "";
const quoteOf = (edge) => (data.edges.quote[edge] < 0 ? "" : data.texts[data.edges.quote[edge]]);
const positionOf = (edge) => (edge < 0 || data.edges.position[edge] < 0 ? "" : data.texts[data.edges.position[edge]]);
const listed = (texts) => texts.join(lang === "zh" ? "、" : ", ");
const short = (text, most) => (Array.from(text).length > most ? Array.from(text).slice(0, most - 1).join("") + "…" : text);
function make(tag, properties, ...children) {
  const one = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (name === "class") one.className = value;
    else if (name.startsWith("on")) one.addEventListener(name.slice(2), value);
    else if (name in one && name !== "role") one[name] = value;
    else one.setAttribute(name, value);
  }
  one.append(...children.filter((child) => child !== null && child !== ""));
  return one;
}

// Relationships of each node: those of node n stand in `beside` from first[n] to first[n + 1].
const first = new Int32Array(nodeCount + 1), beside = new Int32Array(2 * edgeCount);
for (let edge = 0; edge < edgeCount; edge++) { first[data.edges.from[edge] + 1]++; first[data.edges.to[edge] + 1]++; }
for (let node = 0; node < nodeCount; node++) first[node + 1] += first[node];
{
  const next = first.slice();
  for (let edge = 0; edge < edgeCount; edge++) { beside[next[data.edges.from[edge]]++] = edge; beside[next[data.edges.to[edge]]++] = edge; }
}
const edgesOf = (node) => beside.subarray(first[node], first[node + 1]);
const other = (edge, node) => (data.edges.from[edge] === node ? data.edges.to[edge] : data.edges.from[edge]);
const degreeOf = (node) => first[node + 1] - first[node];

// Where a task stands: its plan, section and offset, and the relationship that says so.
const taskPlan = new Int32Array(nodeCount).fill(-1), taskStart = new Int32Array(nodeCount).fill(-1), taskSection = new Int32Array(nodeCount).fill(-1), taskPlace = new Int32Array(nodeCount).fill(-1);
for (let edge = 0; edge < edgeCount; edge++) {
  if (data.edges.type[edge] !== HAS_TASK) continue;
  const task = data.edges.to[edge];
  taskPlan[task] = data.edges.plan[edge]; taskStart[task] = data.edges.start[edge]; taskPlace[task] = edge;
  if (data.nodes.label[data.edges.from[edge]] === SECTION) taskSection[task] = data.edges.from[edge];
}
const byText = (a, b) => taskPlan[a] - taskPlan[b] || taskStart[a] - taskStart[b] || a - b;

const state = {
  view: data.focus === null ? "matrix" : "graph", table: false, whole: false, columns: true,
  centre: data.focus, expanded: [], most: new Map(), node: null, edge: null, cell: null, past: [],
  plan: -1, hazard: -1, role: "", off: new Set(labels.map((one, number) => (one.hidden ? number : -1)).filter((number) => number >= 0)),
  tableKind: "tasks", sort: null, rows: 200, owners: 60,
};

function scopeOf(hazard) {  // a hazard and all narrower ones: BROADER leads from narrower to broader
  const scope = new Set([hazard]), open = [hazard];
  while (open.length) {
    const one = open.pop();
    for (const edge of edgesOf(one)) {
      if (data.edges.type[edge] === typeNumber.BROADER && data.edges.to[edge] === one && !scope.has(data.edges.from[edge])) {
        scope.add(data.edges.from[edge]); open.push(data.edges.from[edge]);
      }
    }
  }
  return scope;
}

// What plan, hazard and role let through, before the legend: tasks first, then what hangs on them.
let passNode = new Uint8Array(nodeCount).fill(1), passEdge = new Uint8Array(edgeCount).fill(1);
function applyFilters() {
  const { plan, hazard, role } = state;
  passNode = new Uint8Array(nodeCount).fill(1); passEdge = new Uint8Array(edgeCount).fill(1);
  if (plan < 0 && hazard < 0 && !role) return;
  const scope = hazard < 0 ? null : scopeOf(hazard);
  for (let node = 0; node < nodeCount; node++) {
    if (data.nodes.label[node] !== TASK) continue;
    let inPlan = plan < 0, onHazard = hazard < 0, inRole = !role;
    for (const edge of edgesOf(node)) {
      const type = data.edges.type[edge];
      if (type === HAS_TASK && data.edges.plan[edge] === plan) inPlan = true;
      if (type === ADDRESSES && scope && scope.has(data.edges.to[edge])) onHazard = true;
      if (type === OWNS && roleOf(edge) === role) inRole = true;
    }
    passNode[node] = inPlan && onHazard && inRole ? 1 : 0;
  }
  const isTask = (node) => data.nodes.label[node] === TASK;
  for (let edge = 0; edge < edgeCount; edge++) {
    const from = data.edges.from[edge], to = data.edges.to[edge];
    passEdge[edge] = (!isTask(from) || passNode[from]) && (!isTask(to) || passNode[to])
      && (plan < 0 || data.edges.plan[edge] === plan || data.edges.plan[edge] < 0)
      && (!role || data.edges.type[edge] !== OWNS || roleOf(edge) === role) ? 1 : 0;
  }
  for (let node = 0; node < nodeCount; node++) {
    if (isTask(node)) continue;
    passNode[node] = 0;
    if (node === plan || (scope && scope.has(node) && plan < 0)) { passNode[node] = 1; continue; }
    for (const edge of edgesOf(node)) {
      if (!passEdge[edge] || (plan >= 0 && data.edges.plan[edge] !== plan)) continue;
      const there = other(edge, node);
      if ((hazard < 0 && !role) || (isTask(there) && passNode[there]) || (scope && (scope.has(there) || scope.has(node)))) { passNode[node] = 1; break; }
    }
  }
}

const shown = (node) => passNode[node] && (!state.off.has(data.nodes.label[node]) || node === state.centre);

// The neighbours of a node that may be shown, tasks in the order of the text, others by how much hangs on them.
function neighbours(node) {
  const found = new Set();
  for (const edge of edgesOf(node)) {
    const there = other(edge, node);
    if (passEdge[edge] && there !== node && shown(there)) found.add(there);
  }
  const all = Array.from(found);
  const tasks = all.filter((one) => data.nodes.label[one] === TASK).sort(byText);
  const rest = all.filter((one) => data.nodes.label[one] !== TASK).sort((a, b) => degreeOf(b) - degreeOf(a) || a - b);
  return { tasks, rest };
}

// Nodes and relationships in view; `cut` holds nodes of which not all neighbours are shown, with how many are missing.
function inView() {
  const cut = [];
  let nodes;
  if (state.whole || state.centre === null) {
    nodes = [];
    for (let node = 0; node < nodeCount; node++) if (shown(node)) nodes.push(node);
  } else {
    const seen = new Set([state.centre]);
    const addAround = (node, deep) => {
      const { tasks, rest } = neighbours(node), most = state.most.get(node) || STEP;
      const missing = Math.max(0, tasks.length - most) + Math.max(0, rest.length - most);
      if (missing) cut.push([node, missing]);
      rest.slice(0, most).forEach((one) => seen.add(one));
      for (const task of tasks.slice(0, most)) {
        seen.add(task);
        if (deep) neighbours(task).rest.forEach((one) => seen.add(one));
      }
    };
    addAround(state.centre, true);
    state.expanded.forEach((node) => { seen.add(node); addAround(node, false); });
    nodes = Array.from(seen);
  }
  const there = new Uint8Array(nodeCount);
  nodes.forEach((node) => { there[node] = 1; });
  const edges = [];
  for (let edge = 0; edge < edgeCount; edge++) {
    if (passEdge[edge] && there[data.edges.from[edge]] && there[data.edges.to[edge]]) edges.push(edge);
  }
  return { nodes, edges, cut };
}

// Names, aliases and task texts that hold the words; whole names first, then names that begin with them.
const folded = [];
const fold = (text) => text.normalize("NFKC").toLowerCase();
function search(text) {
  const wanted = fold(text.trim());
  if (!wanted) return [];
  const found = [];
  for (let node = 0; node < nodeCount; node++) {
    if (folded[node] === undefined) {
      const more = data.nodes.more[node] || {};
      folded[node] = fold([textOf(node), ...(more.aliases || []), more.title || "", data.nodes.id[node]].join("\n"));
    }
    const at = folded[node].indexOf(wanted);
    if (at < 0) continue;
    const name = fold(textOf(node));
    const rank = name === wanted ? 0 : name.startsWith(wanted) ? 1 : 2;
    const kind = data.nodes.label[node];
    found.push([rank, kind === TASK || kind === SECTION ? 1 : 0, -degreeOf(node), node]);
  }
  return found.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3]).map((one) => one[3]);
}
