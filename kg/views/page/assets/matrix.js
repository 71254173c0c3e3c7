// Who answers for tasks against which hazard, and where the plans leave a hazard without.
const GAP_ROWS = [["hazard_without_task", "gap_task"], ["hazard_without_owner", "gap_owner"], ["hazard_without_resource", "gap_resource"]];

function matrix() {
  const cells = new Map(), owners = new Map(), hazards = new Map(), unowned = new Map(), allOwners = new Set();
  let aside = 0;
  const add = (map, key, value) => { if (!map.has(key)) map.set(key, new Set()); map.get(key).add(value); };
  for (let task = 0; task < nodeCount; task++) {
    if (data.nodes.label[task] !== TASK || !passNode[task]) continue;
    const by = new Set(), against = new Set();
    let named = false;
    for (const edge of edgesOf(task)) {
      if (data.edges.type[edge] === OWNS) { named = true; if (passEdge[edge]) by.add(data.edges.from[edge]); }
      if (data.edges.type[edge] === ADDRESSES && passEdge[edge]) against.add(data.edges.to[edge]);
    }
    by.forEach((owner) => allOwners.add(owner));
    if (!against.size) { aside++; continue; }
    const reported = (data.nodes.more[task] || {}).status === "reported";
    for (const hazard of against) {
      add(hazards, hazard, task);
      if (!named && !reported) add(unowned, hazard, task);
      for (const owner of by) { add(owners, owner, task); add(cells, owner * nodeCount + hazard, task); }
    }
  }
  const scope = state.hazard < 0 ? null : scopeOf(state.hazard);
  const gaps = new Map();
  for (const gap of data.gaps) {
    if ((state.plan >= 0 && gap.plan !== state.plan) || data.nodes.label[gap.node] !== HAZARD || (scope && !scope.has(gap.node))) continue;
    const key = `${gap.node} ${gap.ground}`;
    if (!gaps.has(key)) gaps.set(key, []);
    gaps.get(key).push(gap);
    if (gap.state === "absent" && !hazards.has(gap.node)) hazards.set(gap.node, new Set());
  }
  const most = (map) => (a, b) => map.get(b).size - map.get(a).size || a - b;
  if (scope) for (const hazard of Array.from(hazards.keys())) if (!scope.has(hazard)) hazards.delete(hazard);
  const columns = Array.from(hazards.keys()).sort(most(hazards));
  const kept = Array.from(owners.keys()).filter((owner) => columns.some((hazard) => cells.has(owner * nodeCount + hazard))).sort(most(owners));
  const openGaps = (hazard, ground) => (gaps.get(`${hazard} ${ground}`) || []).filter((gap) => gap.state === "absent");
  return { columns, rows: kept, cells, unowned, openGaps, aside, ownersAside: allOwners.size - kept.length,
    tasks: (owner, hazard) => Array.from(cells.get(owner * nodeCount + hazard) || []).sort(byText),
    withoutOwner: (hazard) => Array.from(unowned.get(hazard) || []).sort(byText) };
}

function showMatrix() {
  const host = byId("matrix"), one = matrix(), rows = one.rows.slice(0, state.owners);
  host.replaceChildren(); host.dataset.lang = lang;
  if (!one.columns.length) { host.append(make("p", { class: "bar" }, word("empty"))); return; }
  const most = Math.max(1, ...rows.flatMap((owner) => one.columns.map((hazard) => one.tasks(owner, hazard).length)));
  const missing = new Set(one.columns.filter((hazard) => !one.rows.some((owner) => one.tasks(owner, hazard).length)));
  const head = make("tr", {}, make("th", { scope: "col" }, `${word("unit")} \\ ${word("hazard")}`),
    ...one.columns.map((hazard) => make("th", { scope: "col", title: textOf(hazard), onclick: () => choose({ node: hazard }) }, make("span", {}, textOf(hazard)))));
  const body = make("tbody", {});
  const cell = (text, action, attributes) => make("td", action ? { ...attributes, tabIndex: -1, role: "button", onclick: action } : attributes, text);
  GAP_ROWS.forEach(([ground, name]) => {
    body.append(make("tr", { class: "gap" }, make("th", { scope: "row", title: word(name) }, word(name)), ...one.columns.map((hazard) => {
      const open = one.openGaps(hazard, ground);
      return open.length
        ? cell(`${word("gap_mark")}${open.length > 1 ? open.length : ""}`, () => chooseCell({ hazard, gaps: open }), { class: "open", "aria-label": `${word(name)} ${textOf(hazard)} ${open.length}`, title: word("gap_hint", { count: open.length }) })
        : cell("", null, {});
    })));
  });
  body.append(make("tr", { class: "none last" }, make("th", { scope: "row", title: word("no_owner") }, word("no_owner")), ...one.columns.map((hazard) => {
    const tasks = one.withoutOwner(hazard);
    return tasks.length ? cell(String(tasks.length), () => chooseCell({ hazard, owner: null, tasks }), { class: "open", "aria-label": word("cell", { owner: word("no_owner"), hazard: textOf(hazard), count: tasks.length }) }) : cell("", null, {});
  })));
  for (const owner of rows) {
    body.append(make("tr", { "data-owner": String(owner) }, make("th", { scope: "row", title: textOf(owner), onclick: () => choose({ node: owner }) }, textOf(owner)), ...one.columns.map((hazard) => {
      const tasks = one.tasks(owner, hazard);
      if (!tasks.length) return cell("", null, missing.has(hazard) ? { class: "void" } : {});
      const share = 0.12 + 0.6 * (tasks.length / most);
      return cell(String(tasks.length), () => chooseCell({ hazard, owner, tasks }),
        { style: `background:rgba(var(--heat),${share.toFixed(2)})`, "data-hazard": String(hazard), "aria-label": word("cell", { owner: textOf(owner), hazard: textOf(hazard), count: tasks.length }) });
    })));
  }
  const table = make("table", {}, make("thead", {}, head), body);
  host.append(table);
  const notes = make("div", { class: "bar" });
  if (one.rows.length > rows.length) notes.append(word("matrix_cut", { count: one.rows.length - rows.length }), make("button", { onclick: () => { state.owners += 200; refresh(); } }, word("more", { count: Math.min(200, one.rows.length - rows.length) })));
  if (one.aside || one.ownersAside) notes.append(word("matrix_aside", { tasks: one.aside, owners: one.ownersAside }));
  host.append(notes);
  const cells = () => Array.from(table.querySelectorAll("td[tabindex]"));
  if (cells().length) cells()[0].tabIndex = 0;
  table.addEventListener("keydown", (event) => {
    const here = document.activeElement;
    if (here.tagName !== "TD") return;
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); event.stopPropagation(); here.click(); return; }
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step) return;
    event.preventDefault(); event.stopPropagation();
    let row = here.parentElement, column = here.cellIndex;
    for (;;) {  // over empty cells to the next that says something
      if (step[0]) row = step[0] > 0 ? row.nextElementSibling : row.previousElementSibling;
      column += step[1];
      if (!row || column < 1 || column >= row.cells.length) return;
      if (row.cells[column].hasAttribute("tabindex")) break;
    }
    here.tabIndex = -1; row.cells[column].tabIndex = 0; row.cells[column].focus();
  });
  byId("seen").textContent = word("matrix_seen", { rows: one.rows.length, columns: one.columns.length });
}

function matrixRows() {  // for CSV: gaps, tasks without owner, then owners
  const one = matrix(), count = (found) => (found.length ? found.length : "");
  return [[word("unit"), ...one.columns.map(textOf)],
    ...GAP_ROWS.map(([ground, name]) => [word(name), ...one.columns.map((hazard) => count(one.openGaps(hazard, ground)))]),
    [word("no_owner"), ...one.columns.map((hazard) => count(one.withoutOwner(hazard)))],
    ...one.rows.map((owner) => [textOf(owner), ...one.columns.map((hazard) => count(one.tasks(owner, hazard)))])];
}

function matrixPicture(ratio) {
  const rows = matrixRows().filter((_, number) => number < 5 + state.owners), left = 230, top = 170, cell = 34, high = 26;
  const width = left + (rows[0].length - 1) * cell + 10, height = top + (rows.length - 1) * high + 10;
  const copy = make("canvas", { width: Math.ceil(width * ratio), height: Math.ceil(height * ratio) }), pen = copy.getContext("2d");
  pen.scale(ratio, ratio);
  const ink = colour("--ink"), line = colour("--line"), mark = colour("--mark"), heat = colour("--heat");
  pen.fillStyle = colour("--back"); pen.fillRect(0, 0, width, height);
  pen.font = `13px ${FONT}`; pen.textBaseline = "middle";
  rows[0].slice(1).forEach((text, column) => {
    pen.save(); pen.translate(left + column * cell + cell / 2, top - 8); pen.rotate(-Math.PI / 2);
    pen.fillStyle = ink; pen.textAlign = "left"; pen.fillText(short(text, 12), 0, 0); pen.restore();
  });
  const most = Math.max(1, ...rows.slice(5).flatMap((row) => row.slice(1).map(Number)));
  rows.slice(1).forEach((row, number) => {
    const y = top + number * high, gap = number < 4;
    pen.fillStyle = gap ? mark : ink; pen.textAlign = "right"; pen.fillText(short(String(row[0]), 17), left - 10, y + high / 2);
    row.slice(1).forEach((value, column) => {
      const x = left + column * cell;
      if (value !== "") {
        pen.fillStyle = gap ? colour("--mark-back") : `rgba(${heat}, ${0.12 + (0.6 * value) / most})`; pen.fillRect(x, y, cell, high);
        pen.fillStyle = gap ? mark : ink; pen.textAlign = "center";
        pen.fillText(number < 3 ? `${word("gap_mark")}${value > 1 ? value : ""}` : String(value), x + cell / 2, y + high / 2);
      }
      pen.strokeStyle = line; pen.lineWidth = 0.5; pen.strokeRect(x, y, cell, high);
    });
  });
  return copy;
}
