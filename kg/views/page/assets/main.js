// Ties view, filters, legend, search, keys and exports together.
let scene = null, painter = null;
function paintSign(canvas, one) {
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, 36, 36); pen.beginPath(); shapePath(pen, one.shape, 18, 18, 12);
  pen.fillStyle = one.colour; pen.fill(); pen.strokeStyle = colour("--ink"); pen.lineWidth = 1.2; pen.stroke();
}
const pressed = (id, on) => byId(id).setAttribute("aria-pressed", String(on));

function remember() {
  state.past.push({ view: state.view, whole: state.whole, centre: state.centre, expanded: [...state.expanded], node: state.node, most: new Map(state.most) });
  if (state.past.length > 50) state.past.shift();
}
function back() {
  const last = state.past.pop();
  if (last) { Object.assign(state, last, { edge: null, cell: null }); refresh(); }
}
function focusOn(node) {
  remember();
  Object.assign(state, { view: "graph", whole: false, centre: node, expanded: [], node, edge: null, cell: null, most: new Map() });
  refresh();
}
function expand(node) {
  remember();
  state.expanded = state.expanded.includes(node) ? state.expanded.filter((one) => one !== node) : [...state.expanded, node];
  refresh();
}
function choose({ node, edge }, mayMove) {
  state.node = node === undefined ? null : node; state.edge = edge === undefined ? null : edge; state.cell = null;
  if (mayMove && state.view === "graph" && state.node !== null && !scene.there[state.node]) { focusOn(state.node); return; }
  if (state.view === "graph") painter.mark(state);
  showFacts();
  if (state.table) showTable();
}
function chooseCell(cell) { Object.assign(state, { cell, node: null, edge: null }); showFacts(); }
function showMore(node) { remember(); state.most.set(node, (state.most.get(node) || STEP) + STEP); refresh(); }

function showGraph(keep) {
  const found = inView();
  const whole = state.whole || state.centre === null;
  scene = { ...found, ...(whole ? wholeLayout() : state.columns ? columnsLayout(found.nodes, found.edges) : networkLayout(found.nodes, found.edges)) };
  const host = byId("graph");
  host.dataset.nodes = String(scene.nodes.length); host.dataset.edges = String(scene.edges.length);
  painter.show(scene, keep); painter.mark(state);
  const seen = byId("seen");
  const numbers = { nodes: scene.nodes.length, edges: scene.edges.length, all: nodeCount, relations: edgeCount };
  seen.replaceChildren(scene.nodes.length === 0 ? word("empty") : whole ? word("seen_whole", numbers) : word("seen_around", { ...numbers, name: short(textOf(state.centre), 24) }));
  if (!whole) found.cut.slice(0, 3).forEach(([node, count]) => seen.append(" ", word("cut", { name: short(textOf(node), 16), count }), make("button", { onclick: () => showMore(node) }, word("more", { count: Math.min(STEP, count) }))));
}
function sayLeftOut() {
  const seen = byId("seen");
  const off = labels.filter((_, number) => state.off.has(number) && counts[number]);
  if (state.view === "graph" && off.length) seen.append(" ", word("hidden_labels", { labels: listed(off.map((one) => `${one[lang]} ${counts[labels.indexOf(one)]}`)) }));
  if (data.leftOut.length) seen.append(" ", make("strong", {}, word("left_out", { labels: listed(data.leftOut.map(([label, count]) => `${labels[label][lang]} ${count}`)) })));
}
const counts = labels.map(() => 0);
for (let node = 0; node < nodeCount; node++) counts[data.nodes.label[node]]++;

function showLegend() {
  byId("legend").replaceChildren(...labels.map((one, number) => ({ one, number })).filter(({ number }) => counts[number]).map(({ one, number }) => {
    const sign = make("canvas", { width: 36, height: 36 });
    paintSign(sign, one);
    return make("button", { "aria-pressed": String(!state.off.has(number)), "data-label": one.name, onclick: () => { state.off.has(number) ? state.off.delete(number) : state.off.add(number); refresh(); byId("legend").querySelector(`[data-label="${one.name}"]`).focus(); } },
      sign, make("span", { class: "name" }, one[lang]), make("span", { class: "count" }, String(counts[number])));
  }));
}
function options(select, pairs, chosen) { select.replaceChildren(...pairs.map(([value, text]) => make("option", { value, selected: value === String(chosen) }, text))); }
function showFilters() {
  const nodesOf = (label) => Array.from({ length: nodeCount }, (_, node) => node).filter((node) => data.nodes.label[node] === label);
  options(byId("filter-plan"), [["-1", word("all")], ...nodesOf(PLAN).sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1)).map((node) => [String(node), textOf(node)])], state.plan);
  options(byId("filter-hazard"), [["-1", word("all")], ...nodesOf(HAZARD).sort((a, b) => degreeOf(b) - degreeOf(a)).map((node) => [String(node), textOf(node)])], state.hazard);
  options(byId("filter-role"), [["", word("all")], ...ROLES.map((role) => [role, word(role)])], state.role);
  byId("clear").hidden = state.plan < 0 && state.hazard < 0 && !state.role;
}
function showWords() {
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  byId("title").textContent = document.title = data.title || word("title");
  document.querySelectorAll("[data-word]").forEach((one) => { if (one.id !== "theme") one.textContent = word(one.dataset.word); });
  byId("theme").title = word("theme"); byId("theme").setAttribute("aria-label", word("theme"));
  byId("zoom-in").setAttribute("aria-label", "+"); byId("zoom-out").setAttribute("aria-label", "−");
  byId("search").placeholder = word("search"); byId("search").setAttribute("aria-label", word("search"));
  byId("graph").setAttribute("aria-label", word("graph_label"));
  byId("keys").replaceChildren(...word("keys_list").split("|").map((line) => make("p", {}, line)));
}
function refresh(keep) {
  const graphView = state.view === "graph";
  byId("graph").hidden = !graphView; byId("matrix").hidden = graphView; byId("table").hidden = !state.table;
  document.querySelectorAll(".graph-only").forEach((one) => { one.hidden = !graphView; });
  document.querySelectorAll(".around-only").forEach((one) => { one.hidden = !graphView || state.whole; });
  pressed("show-graph", graphView); pressed("show-matrix", !graphView); pressed("show-table", state.table);
  pressed("around", !state.whole); pressed("whole", state.whole); pressed("columns", state.columns); pressed("network", !state.columns);
  byId("around").disabled = state.centre === null;
  showFilters(); showLegend();
  if (graphView) { painter.resize(); showGraph(keep); } else { scene = scene || { ...inView(), ...wholeLayout() }; showMatrix(); }
  sayLeftOut(); showFacts();
  if (state.table) showTable();
}
function filterBy(change) { Object.assign(state, change, { cell: null, most: new Map() }); applyFilters(); refresh(); }

// search
let results = [], at = -1;
function showResults() {
  const box = byId("results"), text = byId("search").value;
  results = search(text); at = results.length ? 0 : -1;
  const listed = results.slice(0, 50);
  box.replaceChildren(...listed.map((node, number) => make("button", { role: "option", class: number === at ? "at" : "", "data-node": String(node), onclick: () => pick(node) }, `${labelOf(node)[lang]} · ${textOf(node)}`)),
    make("p", {}, results.length ? word("found", { all: results.length, shown: listed.length }) : word("none_found", { text })));
  box.hidden = !text.trim();
  byId("search").setAttribute("aria-expanded", String(!box.hidden));
}
function pick(node) { byId("results").hidden = true; byId("search").setAttribute("aria-expanded", "false"); focusOn(node); byId("graph").focus(); }
byId("search").addEventListener("input", showResults);
byId("search").addEventListener("focus", () => { if (byId("search").value.trim()) showResults(); });
byId("search").addEventListener("keydown", (event) => {
  event.stopPropagation();
  if (event.key === "Escape") { byId("results").hidden = true; byId("graph").focus(); }
  if (event.key === "Enter" && at >= 0) pick(results[at]);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const count = Math.min(50, results.length);
    if (!count) return;
    at = (at + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
    Array.from(byId("results").querySelectorAll("button")).forEach((one, number) => { one.className = number === at ? "at" : ""; if (number === at) one.scrollIntoView({ block: "nearest" }); });
  }
});
document.addEventListener("pointerdown", (event) => { if (!byId("finder").contains(event.target)) byId("results").hidden = true; });

// exports
function save(name, blob) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link); link.click(); link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
const fileName = (end) => `${data.title || word("title")}-${state.view === "matrix" ? word("matrix") : state.whole || state.centre === null ? word("whole") : short(textOf(state.centre), 20)}.${end}`.replace(/[\\/:*?"<>|\s]+/g, "_");
function savePicture() {
  const picture = state.view === "matrix" ? matrixPicture(2) : painter.picture(2);
  picture.toBlob((blob) => save(fileName("png"), blob), "image/png");
}
function saveTable() { save(fileName("csv"), new Blob([csvText()], { type: "text/csv;charset=utf-8" })); }

// keys
function step(dx, dy) {  // to the nearest node in that direction
  const from = state.node !== null && scene.there[state.node] ? state.node : null;
  if (from === null) { if (scene.box || scene.nodes.length > 400) painter.pan(-dx * 80, -dy * 80); else choose({ node: scene.nodes[0] }); return; }
  let best = null, far = Infinity;
  for (const node of scene.nodes) {
    const x = scene.x[node] - scene.x[from], y = scene.y[node] - scene.y[from], along = x * dx + y * dy, across = Math.abs(x * dy) + Math.abs(y * dx);
    if (node !== from && along > 1 && along + across * 2.5 < far) { best = node; far = along + across * 2.5; }
  }
  if (best !== null) choose({ node: best });
}
function setTheme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  if (painter) { showLegend(); painter.repaint(); showFacts(); }
}
const KEYS = {
  "/": () => { byId("search").focus(); byId("search").select(); },
  g: () => { state.view = "graph"; refresh(); byId("graph").focus(); }, m: () => { state.view = "matrix"; state.cell = null; refresh(); const cell = document.querySelector("#matrix td[tabindex]"); if (cell) cell.focus(); },
  t: () => { state.table = !state.table; refresh(); }, w: () => { if (state.centre !== null) { state.view = "graph"; state.whole = !state.whole; refresh(); } },
  l: () => { state.columns = !state.columns; refresh(); }, d: () => setTheme(document.documentElement.dataset.theme !== "dark"),
  e: () => { if (state.node !== null && state.view === "graph" && !state.whole && state.node !== state.centre) expand(state.node); },
  Enter: () => { if (state.node !== null) focusOn(state.node); }, Backspace: back, Escape: () => { if (state.cell || state.node !== null || state.edge !== null) choose({}); },
  "+": () => painter.zoom(1.25), "=": () => painter.zoom(1.25), "-": () => painter.zoom(0.8), 0: () => painter.fit(), "?": () => byId("help-box").showModal(),
  ArrowLeft: () => step(-1, 0), ArrowRight: () => step(1, 0), ArrowUp: () => step(0, -1), ArrowDown: () => step(0, 1),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName) || byId("help-box").open) return;
  const inGraph = event.target === byId("graph") || event.target === document.body;
  if ((event.key.startsWith("Arrow") || event.key === "Enter") && (!inGraph || state.view !== "graph")) return;
  const run = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (run) { event.preventDefault(); run(); }
});

const press = (id, run) => byId(id).addEventListener("click", run);
press("show-graph", () => { state.view = "graph"; refresh(); }); press("show-matrix", () => { state.view = "matrix"; state.cell = null; refresh(); });
press("show-table", KEYS.t); press("around", () => { state.whole = false; refresh(); }); press("whole", () => { state.whole = true; refresh(); });
press("columns", () => { state.columns = true; refresh(); }); press("network", () => { state.columns = false; refresh(); });
press("zoom-in", () => painter.zoom(1.25)); press("zoom-out", () => painter.zoom(0.8)); press("fit", () => painter.fit());
press("png", savePicture); press("csv", saveTable); press("theme", KEYS.d); press("help", KEYS["?"]); press("help-close", () => byId("help-box").close());
press("language", () => { lang = lang === "zh" ? "en" : "zh"; showWords(); refresh(true); });
press("clear", () => filterBy({ plan: -1, hazard: -1, role: "" }));
byId("filter-plan").addEventListener("change", (event) => filterBy({ plan: Number(event.target.value) }));
byId("filter-hazard").addEventListener("change", (event) => filterBy({ hazard: Number(event.target.value) }));
byId("filter-role").addEventListener("change", (event) => filterBy({ role: event.target.value }));

setTheme(window.matchMedia("(prefers-color-scheme: dark)").matches);
const painterOf = data.renderer === "pyvis" ? pyvisPainter : canvasPainter;
painter = painterOf(byId("graph"), { click: (found) => choose(found), focus: focusOn });
// For programs that drive the page: where a node, or the middle of a relationship, lies in the graph's area.
byId("graph").where = (node) => painter.where(node);
byId("graph").middle = (edge) => painter.middle(edge);
showWords(); applyFilters(); refresh();
// A frame in a notebook may get its size late; until the reader has moved the view, a new size opens it anew.
let touched = false, area = `${byId("graph").clientWidth}×${byId("graph").clientHeight}`;
for (const kind of ["pointerdown", "wheel", "keydown"]) byId("graph").addEventListener(kind, () => { touched = true; }, { capture: true, passive: true });
new ResizeObserver(() => {
  const now = `${byId("graph").clientWidth}×${byId("graph").clientHeight}`;
  if (state.view !== "graph" || now === area) return;
  area = now;
  painter.resize();
  if (!touched) painter.show(scene);
}).observe(byId("graph"));
document.documentElement.dataset.ready = "yes";
