// Paints a scene with vis-network, from the nodes and edges that pyvis made: positions given, physics off, texts as text.
function pyvisPainter(host, on) {
  const VIS = { square: "square", bar: "square", circle: "dot", hexagon: "hexagon", triangle: "triangle", diamond: "diamond", house: "square", drop: "triangleDown", star: "star", cross: "diamond" };
  const box = make("div", { style: "position:absolute;inset:0" });
  host.append(box);
  const measure = make("canvas", {}).getContext("2d");
  const nodes = new vis.DataSet([]), edges = new vis.DataSet([]);
  const network = new vis.Network(box, { nodes, edges }, {
    ...data.vis.options, physics: false, layout: { improvedLayout: false }, autoResize: false,
    interaction: { hover: true, keyboard: false, multiselect: false, selectConnectedEdges: true, dragNodes: false },
  });
  let scene = null, stop = 0;
  network.on("afterDrawing", () => { host.dataset.painted = String(Number(host.dataset.painted || 0) + 1); });
  network.on("click", (event) => {
    host.focus({ preventScroll: true });
    if (event.nodes.length) on.click({ node: event.nodes[0] });
    else if (event.edges.length) on.click({ edge: event.edges[0] });
    else on.click({});
  });
  network.on("doubleClick", (event) => { if (event.nodes.length) on.focus(event.nodes[0]); });

  function dress() {
    const ink = colour("--ink"), back = colour("--back"), edgeInk = colour("--edge"), accent = colour("--accent");
    nodes.clear(); edges.clear();
    nodes.add(scene.nodes.map((node) => {
      const made = data.vis.nodes[node], one = labelOf(node), common = { id: node, x: scene.x[node], y: scene.y[node], physics: false, shadow: false };
      if (scene.box) {
        const [w, h] = scene.box.get(node);
        measure.font = `13px ${FONT}`;
        const text = lines(measure, `${made.label} ${textOf(node)}`, w - 22, h > 34 ? 2 : 1).join("\n");
        return {
          ...common, label: text, shape: "box", shapeProperties: { borderRadius: 4 }, margin: 6, widthConstraint: { minimum: w - 12, maximum: w - 12 },
          heightConstraint: { minimum: h - 12 }, borderWidth: node === state.centre ? 3 : 1.2, borderWidthSelected: 3,
          color: { background: back, border: made.color, highlight: { background: back, border: accent }, hover: { background: back, border: accent } },
          font: { color: ink, size: 13, face: FONT, align: "left", multi: false },
        };
      }
      return {
        ...common, label: short(textOf(node), data.nodes.label[node] === TASK ? 12 : 16), shape: VIS[one.shape] || "dot", size: 8 + Math.min(12, Math.sqrt(degreeOf(node)) * 1.6),
        color: { background: made.color, border: ink, highlight: { background: made.color, border: accent }, hover: { background: made.color, border: accent } },
        borderWidth: 1, font: { color: ink, size: 12, face: FONT, strokeWidth: 4, strokeColor: back, multi: false },
      };
    }));
    edges.add(scene.edges.map((edge) => {
      const made = data.vis.edges[edge], [thick, dash] = STROKES[strokeOf(edge)], same = scene.x[made.from] === scene.x[made.to];
      return {
        ...made, width: thick, dashes: dash.length ? dash : false, arrows: "", color: { color: edgeInk, highlight: accent, hover: accent },
        smooth: scene.box ? { enabled: true, type: same ? "curvedCCW" : "cubicBezier", forceDirection: "horizontal", roundness: same ? 0.2 : 0.5 } : false,
      };
    }));
  }
  function look(next) { network.moveTo({ position: { x: (box.clientWidth / 2 - next.x) / next.scale, y: (box.clientHeight / 2 - next.y) / next.scale }, scale: next.scale, animation: false }); }

  return {
    resize() { network.setSize(`${host.clientWidth}px`, `${host.clientHeight}px`); network.redraw(); },
    zoom(by) { network.moveTo({ scale: network.getScale() * by, animation: false }); },
    repaint() { if (scene) { dress(); this.mark(state); } },
    pan(dx, dy) { const at = network.getViewPosition(), scale = network.getScale(); network.moveTo({ position: { x: at.x - dx / scale, y: at.y - dy / scale }, animation: false }); },
    show(next, keep) {
      scene = next;
      scene.there = new Uint8Array(nodeCount); scene.nodes.forEach((node) => { scene.there[node] = 1; });
      dress();
      if (!keep) look(opening(scene, host.clientWidth, host.clientHeight, false));
    },
    fit() { look(opening(scene, host.clientWidth, host.clientHeight, true)); },
    mark({ node, edge }) {
      network.unselectAll();
      if (node !== null && scene.there[node]) {
        network.selectNodes([node]);
        const at = this.where(node);
        if (at.x < 0 || at.y < 0 || at.x > host.clientWidth || at.y > host.clientHeight) network.moveTo({ position: { x: scene.x[node], y: scene.y[node] }, animation: false });
      } else if (edge !== null && edges.get(edge)) network.selectEdges([edge]);
    },
    where(node) { return scene && scene.there[node] ? network.canvasToDOM({ x: scene.x[node], y: scene.y[node] }) : null; },
    middle(edge) {
      const way = course(scene, edge), t = way.length === 4 ? 2 : 6;
      return network.canvasToDOM({ x: (way[0] + way[t]) / 2, y: (way[1] + way[t + 1]) / 2 });
    },
    picture() {
      const from = box.querySelector("canvas"), copy = make("canvas", { width: from.width, height: from.height }), pen = copy.getContext("2d");
      pen.fillStyle = colour("--back"); pen.fillRect(0, 0, copy.width, copy.height); pen.drawImage(from, 0, 0);
      return copy;
    },
  };
}
