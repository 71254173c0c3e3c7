// Paints a scene with vis-network, from the nodes and edges that pyvis made: positions given, physics off, texts as text.
function pyvisPainter(host, on) {
  const frame = make("div", { style: "position:absolute;inset:0" });
  host.append(frame);
  // What vis-network asks for of a node: how to draw it, and how large it is.
  const box = (node, inks) => ({ ctx, x, y, state: { selected, hover } }) => {
    const size = scene.box.get(node);
    return { drawNode: () => drawBox(ctx, node, x, y, size, { ...inks, chosen: selected || hover, dim: false }), nodeDimensions: { width: size[0], height: size[1] } };
  };
  const sign = (node, { ink, back, accent }) => ({ ctx, x, y, state: { selected, hover } }) => {
    const r = 8 + Math.min(12, Math.sqrt(degreeOf(node)) * 1.6), text = short(textOf(node), data.nodes.label[node] === TASK ? 12 : 16);
    return {
      drawNode() {
        ctx.save(); ctx.setLineDash([]);
        ctx.beginPath(); shapePath(ctx, labelOf(node).shape, x, y, r);
        ctx.fillStyle = data.vis.nodes[node].color; ctx.fill();
        ctx.strokeStyle = selected || hover ? accent : ink; ctx.lineWidth = selected || hover ? 3 : 1; ctx.stroke();
        ctx.restore();
      },
      drawExternalLabel() {
        const scale = Math.min(1, network.getScale());
        if (data.nodes.label[node] === TASK && scale < 0.9 && !selected && !hover) return;
        ctx.save(); ctx.translate(x, y + r + 10 / scale); ctx.scale(1 / scale, 1 / scale);  // as large as the reader's words
        ctx.font = `12px ${FONT}`; ctx.textAlign = "center"; ctx.textBaseline = "middle"; ctx.lineJoin = "round";
        ctx.strokeStyle = back; ctx.lineWidth = 4; ctx.strokeText(text, 0, 0);
        ctx.fillStyle = ink; ctx.fillText(text, 0, 0); ctx.restore();
      },
      nodeDimensions: { width: 2 * r, height: 2 * r },
    };
  };
  const nodes = new vis.DataSet([]), edges = new vis.DataSet([]);
  const network = new vis.Network(frame, { nodes, edges }, {
    ...data.vis.options, physics: false, layout: { improvedLayout: false }, autoResize: false,
    interaction: { hover: true, keyboard: false, multiselect: false, selectConnectedEdges: true, dragNodes: false },
  });
  let scene = null;
  network.on("afterDrawing", () => { if (scene) painted(host); });
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
    nodes.add(scene.nodes.map((node) => ({
      id: node, x: scene.x[node], y: scene.y[node], physics: false, label: undefined, title: undefined, shape: "custom",
      color: data.vis.nodes[node].color, ctxRenderer: scene.box ? box(node, { ink, back, accent }) : sign(node, { ink, back, accent }),
    })));
    edges.add(scene.edges.map((edge) => {
      const made = data.vis.edges[edge], [thick, dash] = STROKES[strokeOf(edge)], same = scene.x[made.from] === scene.x[made.to];
      return {
        ...made, width: thick, dashes: dash.length ? dash : false, arrows: "", color: { color: edgeInk, highlight: accent, hover: accent },
        smooth: scene.box ? { enabled: true, type: same ? "curvedCCW" : "cubicBezier", forceDirection: "horizontal", roundness: same ? 0.2 : 0.5 } : false,
      };
    }));
  }
  function look(next) { network.moveTo({ position: { x: (frame.clientWidth / 2 - next.x) / next.scale, y: (frame.clientHeight / 2 - next.y) / next.scale }, scale: next.scale, animation: false }); }

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
    middle: (edge) => network.canvasToDOM(network.body.edges[edge].edgeType.getPoint(0.5)),
    picture() {
      const from = frame.querySelector("canvas"), copy = make("canvas", { width: from.width, height: from.height }), pen = copy.getContext("2d");
      pen.fillStyle = colour("--back"); pen.fillRect(0, 0, copy.width, copy.height); pen.drawImage(from, 0, 0);
      return copy;
    },
  };
}
