// Where things lie in view: in columns from who over what to against what, as a small network, or as computed beforehand.
const BOX = { widths: [190, 190, 340, 190, 240], gap: 80, row: 30, task: 46 };

function columnsLayout(nodes, edges) {
  const x = new Float32Array(nodeCount), y = new Float32Array(nodeCount), box = new Map();
  const used = [[], [], [], [], []];
  nodes.forEach((node) => used[labelOf(node).column].push(node));
  const lefts = [];
  let left = 0;
  used.forEach((column, number) => { lefts.push(left); if (column.length) left += BOX.widths[number] + BOX.gap; });
  const height = (node) => (data.nodes.label[node] === TASK ? BOX.task : BOX.row);
  const place = (column, number) => {
    let top = 0;
    for (const [node, wanted] of column) {
      const high = height(node);
      const at = node === state.centre ? top : Math.max(top, wanted - high / 2);
      x[node] = lefts[number] + BOX.widths[number] / 2; y[node] = at + high / 2;
      box.set(node, [BOX.widths[number], high - 6]);
      top = at + high;
    }
  };
  // The fullest column keeps its order; the others lie beside what they hang on.
  let anchor = used[2].length ? 2 : used.reduce((best, column, number) => (column.length > used[best].length ? number : best), 0);
  const front = (list) => [...list.filter((node) => node === state.centre), ...list.filter((node) => node !== state.centre)];
  place(front([...used[anchor]].sort(anchor === 2 ? byText : (a, b) => a - b)).map((node) => [node, 0]), anchor);
  const beside = new Map();
  for (const edge of edges) {
    const from = data.edges.from[edge], to = data.edges.to[edge];
    for (const [here, there] of [[from, to], [to, from]]) {
      if (labelOf(there).column === anchor && labelOf(here).column !== anchor) {
        if (!beside.has(here)) beside.set(here, []);
        beside.get(here).push(y[there]);
      }
    }
  }
  used.forEach((column, number) => {
    if (number === anchor) return;
    const wanted = column.map((node) => {
      const found = beside.get(node);
      return [node, found ? found.reduce((sum, one) => sum + one, 0) / found.length : 0];
    }).sort((a, b) => (b[0] === state.centre) - (a[0] === state.centre) || a[1] - b[1] || a[0] - b[0]);
    // Pull the column up by what it overflows, so that it stays as long as the anchor where it can.
    const total = wanted.reduce((sum, [node]) => sum + height(node), 0);
    const length = Math.max(total, ...used[anchor].map((node) => y[node]));
    let room = length;
    const latest = new Map();
    for (const [node] of [...wanted].reverse()) { room -= height(node); latest.set(node, room + height(node) / 2); }
    place(wanted.map(([node, at]) => [node, Math.min(at, latest.get(node))]), number);
  });
  return { x, y, box };
}

function networkLayout(nodes, edges) {
  const x = new Float32Array(nodeCount), y = new Float32Array(nodeCount), count = nodes.length, room = 90;
  const at = new Map(nodes.map((node, number) => [node, number]));
  const px = new Float64Array(count), py = new Float64Array(count);
  nodes.forEach((_, number) => {  // on a spiral, so that the same view looks the same each time
    const far = room * Math.sqrt(number + 0.5), turn = number * 2.399963;
    px[number] = far * Math.cos(turn); py[number] = far * Math.sin(turn);
  });
  const ties = edges.map((edge) => [at.get(data.edges.from[edge]), at.get(data.edges.to[edge])]).filter(([a, b]) => a !== b);
  const rounds = count > 600 ? 60 : 260;
  for (let round = 0; round < rounds; round++) {
    const heat = room * 1.5 * (1 - round / rounds) + 1, mx = new Float64Array(count), my = new Float64Array(count);
    for (let a = 0; a < count; a++) {
      for (let b = a + 1; b < count; b++) {
        const dx = px[a] - px[b], dy = py[a] - py[b], square = Math.max(dx * dx + dy * dy, 1), push = (2 * room * room) / square;
        mx[a] += dx * push; my[a] += dy * push; mx[b] -= dx * push; my[b] -= dy * push;
      }
      mx[a] -= px[a] * 0.25; my[a] -= py[a] * 0.25;
    }
    for (const [a, b] of ties) {
      const dx = px[a] - px[b], dy = py[a] - py[b], pull = Math.hypot(dx, dy) / room / Math.max(1, Math.min(ties.length / count, 4));
      mx[a] -= dx * pull; my[a] -= dy * pull; mx[b] += dx * pull; my[b] += dy * pull;
    }
    for (let a = 0; a < count; a++) {
      const length = Math.max(Math.hypot(mx[a], my[a]), 1e-6), step = Math.min(length, heat) / length;
      px[a] += mx[a] * step; py[a] += my[a] * step;
    }
  }
  nodes.forEach((node, number) => { x[node] = px[number]; y[node] = py[number]; });
  return { x, y, box: null };
}

function wholeLayout() {
  return { x: Float32Array.from(data.nodes.x), y: Float32Array.from(data.nodes.y), box: null };
}
