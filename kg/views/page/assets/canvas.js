// Paints a scene on a canvas: boxes in columns, or shapes with the labels that have room.
const FONT = '"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif';
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function shapePath(pen, shape, x, y, r) {
  const corners = (count, turn, far = r) => {
    for (let i = 0; i < count; i++) {
      const angle = turn + (i * 2 * Math.PI) / count;
      pen[i ? "lineTo" : "moveTo"](x + far * Math.cos(angle), y + far * Math.sin(angle));
    }
    pen.closePath();
  };
  const up = -Math.PI / 2;
  if (shape === "square") pen.rect(x - r * 0.86, y - r * 0.86, r * 1.72, r * 1.72);
  else if (shape === "bar") pen.rect(x - r * 1.15, y - r * 0.6, r * 2.3, r * 1.2);
  else if (shape === "page") {
    pen.moveTo(x - r * 0.75, y - r); pen.lineTo(x + r * 0.15, y - r); pen.lineTo(x + r * 0.75, y - r * 0.3);
    pen.lineTo(x + r * 0.75, y + r); pen.lineTo(x - r * 0.75, y + r); pen.closePath();
  } else if (shape === "hexagon") corners(6, 0, r * 1.1);
  else if (shape === "triangle") corners(3, up, r * 1.25);
  else if (shape === "drop") corners(3, -up, r * 1.25);
  else if (shape === "diamond") corners(4, up, r * 1.2);
  else if (shape === "house") {
    pen.moveTo(x, y - r * 1.15); pen.lineTo(x + r, y - r * 0.2); pen.lineTo(x + r * 0.8, y + r * 0.95);
    pen.lineTo(x - r * 0.8, y + r * 0.95); pen.lineTo(x - r, y - r * 0.2); pen.closePath();
  } else if (shape === "star") {
    for (let i = 0; i < 10; i++) {
      const angle = up + (i * Math.PI) / 5, far = i % 2 ? r * 0.52 : r * 1.3;
      pen[i ? "lineTo" : "moveTo"](x + far * Math.cos(angle), y + far * Math.sin(angle));
    }
    pen.closePath();
  } else if (shape === "cross") {
    const a = r * 0.4, b = r * 1.1;
    [[-a, -b], [a, -b], [a, -a], [b, -a], [b, a], [a, a], [a, b], [-a, b], [-a, a], [-b, a], [-b, -a], [-a, -a]]
      .forEach(([dx, dy], i) => pen[i ? "lineTo" : "moveTo"](x + dx, y + dy));
    pen.closePath();
  } else { pen.moveTo(x + r, y); pen.arc(x, y, r, 0, 2 * Math.PI); }
}

function lines(pen, text, width, most) {  // a text on at most `most` lines; what has no room ends in …
  const found = [];
  let line = "";
  for (const sign of text.replace(/\s+/g, " ")) {
    if (pen.measureText(line + sign).width > width && line) {
      if (found.length === most - 1) {
        while (line && pen.measureText(line + "…").width > width) line = Array.from(line).slice(0, -1).join("");
        return [...found, line + "…"];
      }
      found.push(line); line = "";
    }
    line += sign;
  }
  return line ? [...found, line] : found;
}

// The course of a relationship: a straight line, or between boxes a curve from side to side.
function course(scene, edge) {
  const from = data.edges.from[edge], to = data.edges.to[edge], { x, y, box } = scene;
  if (!box) return [x[from], y[from], x[to], y[to]];
  const [a, b] = x[from] <= x[to] ? [from, to] : [to, from], wa = box.get(a)[0] / 2, wb = box.get(b)[0] / 2;
  if (Math.abs(x[a] - x[b]) < 1) {
    const bend = 26 + Math.min(40, Math.abs(y[a] - y[b]) / 8), side = x[a] - wa;
    return [side, y[a], side - bend, y[a], side - bend, y[b], side, y[b]];
  }
  const start = x[a] + wa, end = x[b] - wb, half = Math.max(30, (end - start) / 2);
  return [start, y[a], start + half, y[a], end - half, y[b], end, y[b]];
}

function trace(pen, way) {
  pen.moveTo(way[0], way[1]);
  if (way.length === 4) pen.lineTo(way[2], way[3]);
  else pen.bezierCurveTo(way[2], way[3], way[4], way[5], way[6], way[7]);
}

function nearTo(way, x, y) {  // distance of a point from a course
  let best = Infinity, px = way[0], py = way[1];
  const steps = way.length === 4 ? 1 : 18;
  for (let i = 1; i <= steps; i++) {
    const t = i / steps, u = 1 - t;
    const qx = way.length === 4 ? way[2] : u * u * u * way[0] + 3 * u * u * t * way[2] + 3 * u * t * t * way[4] + t * t * t * way[6];
    const qy = way.length === 4 ? way[3] : u * u * u * way[1] + 3 * u * u * t * way[3] + 3 * u * t * t * way[5] + t * t * t * way[7];
    const dx = qx - px, dy = qy - py, along = Math.max(0, Math.min(1, ((x - px) * dx + (y - py) * dy) / (dx * dx + dy * dy || 1)));
    best = Math.min(best, Math.hypot(x - px - along * dx, y - py - along * dy));
    px = qx; py = qy;
  }
  return best;
}

const strokeOf = (edge) => (data.edges.type[edge] !== OWNS ? "other" : roleOf(edge) || "responsible");
const STROKES = { lead: [2.6, []], responsible: [1.3, []], support: [1.3, [6, 4]], other: [0.8, []] };

function drawBox(pen, node, x, y, [w, h], { ink, back, accent, chosen, dim }) {
  const one = labelOf(node), left = x - w / 2, top = y - h / 2, centre = node === state.centre;
  pen.save();
  pen.setLineDash([]); pen.textBaseline = "middle"; pen.textAlign = "left";
  pen.globalAlpha = dim ? 0.45 : 1;
  pen.beginPath(); pen.roundRect(left, top, w, h, 4);
  pen.fillStyle = back; pen.fill();
  pen.globalAlpha = dim ? 0.06 : centre ? 0.32 : 0.12; pen.fillStyle = one.colour; pen.fill();
  pen.globalAlpha = dim ? 0.45 : 1;
  pen.strokeStyle = chosen ? accent : one.colour; pen.lineWidth = chosen ? 3 : centre ? 2.4 : 1; pen.stroke();
  pen.beginPath(); shapePath(pen, one.shape, left + 14, y, 6);
  pen.fillStyle = one.colour; pen.fill(); pen.strokeStyle = ink; pen.lineWidth = 0.6; pen.stroke();
  pen.fillStyle = ink; pen.font = `${centre ? "600 " : ""}13px ${FONT}`;
  const found = lines(pen, textOf(node), w - 34, h > 34 ? 2 : 1);
  found.forEach((line, number) => pen.fillText(line, left + 26, y + (number - (found.length - 1) / 2) * 16.5));
  pen.restore();
}

// A scene's borders, and the view of it that opens: whole where that is readable, else its upper part.
function borders(scene) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const node of scene.nodes) {
    const [w, h] = scene.box ? scene.box.get(node) : [0, 0];
    left = Math.min(left, scene.x[node] - w / 2); right = Math.max(right, scene.x[node] + w / 2);
    top = Math.min(top, scene.y[node] - h / 2); bottom = Math.max(bottom, scene.y[node] + h / 2);
  }
  return scene.nodes.length ? { left, top, right, bottom } : { left: -1, top: -1, right: 1, bottom: 1 };
}
function opening(scene, width, height, everything) {
  const { left, top, right, bottom } = borders(scene), pad = scene.box ? 30 : 50;
  const across = (width - 2 * pad) / Math.max(1, right - left), along = (height - 2 * pad) / Math.max(1, bottom - top);
  let scale = Math.min(across, along, scene.box ? 1.15 : 2);
  if (scene.box && !everything) scale = Math.max(scale, Math.min(across, 1.05), 0.62);
  const high = (bottom - top) * scale, wide = (right - left) * scale;
  return {
    scale,
    x: wide > width - 2 * pad + 1 ? pad - left * scale : width / 2 - ((left + right) / 2) * scale,  // the first column first
    y: high > height - 2 * pad ? pad - top * scale : height / 2 - ((top + bottom) / 2) * scale,
  };
}

function painted(host) {  // counted for programs that wait for a picture; the first one is marked for benchmarks
  host.dataset.painted = String(Number(host.dataset.painted || 0) + 1);
  if (host.dataset.painted === "1") performance.mark("kg-readable");
}

function canvasPainter(host, on) {
  const canvas = make("canvas", {}), tip = make("div", { id: "tip", hidden: true });
  host.append(canvas, tip);
  let scene = null, view = { scale: 1, x: 0, y: 0 }, width = 0, height = 0, moving = false, settle = 0, waiting = false, ratio = 1;
  let marked = { node: null, edge: null };
  const radius = (node) => (4 + Math.min(9, Math.sqrt(degreeOf(node)) * 0.9)) * (scene.nodes.length > 400 ? 0.8 : 1.2);
  const fixedRadius = (node) => Math.max(1.2, radius(node) * Math.min(1.4, Math.max(scene.nodes.length > 3000 ? 0.25 : scene.nodes.length > 400 ? 0.5 : 0.75, view.scale)));
  const sx = (node) => scene.x[node] * view.scale + view.x, sy = (node) => scene.y[node] * view.scale + view.y;

  function draw(pen, quick) {
    const ink = colour("--ink"), back = colour("--back"), faint = colour("--faint"), edgeInk = colour("--edge"), accent = colour("--accent");
    pen.fillStyle = back; pen.fillRect(0, 0, width, height);
    if (!scene) return;
    const near = new Set();
    if (marked.node !== null) { near.add(marked.node); for (const edge of edgesOf(marked.node)) near.add(other(edge, marked.node)); }
    if (marked.edge !== null) { near.add(data.edges.from[marked.edge]); near.add(data.edges.to[marked.edge]); }
    const strong = (edge) => edge === marked.edge || (marked.node !== null && (data.edges.from[edge] === marked.node || data.edges.to[edge] === marked.node));
    const some = near.size > 0, large = scene.edges.length > 3000;
    pen.save(); pen.translate(view.x, view.y); pen.scale(view.scale, view.scale);
    if (!quick || !large) {
      for (const [name, [thick, dash]] of Object.entries(STROKES)) {
        pen.beginPath();
        for (const edge of scene.edges) if (strokeOf(edge) === name && !strong(edge)) trace(pen, course(scene, edge));
        pen.strokeStyle = edgeInk; pen.globalAlpha = large ? 0.16 : some ? 0.25 : scene.box ? 0.6 : 0.5;
        pen.lineWidth = (large ? 0.8 : thick) / (scene.box ? 1 : view.scale); pen.setLineDash(large ? [] : dash.map((one) => one / view.scale)); pen.stroke();
      }
    }
    pen.globalAlpha = 1;
    if (some) {
      for (const [name, [thick, dash]] of Object.entries(STROKES)) {
        pen.beginPath();
        for (const edge of scene.edges) if (strokeOf(edge) === name && strong(edge)) trace(pen, course(scene, edge));
        pen.strokeStyle = accent; pen.lineWidth = (thick + 0.6) / view.scale; pen.setLineDash(dash.map((one) => one / view.scale)); pen.stroke();
      }
    }
    pen.setLineDash([]);
    if (scene.box) drawBoxes(pen, near, { ink, back, faint, accent });
    pen.restore();
    if (!scene.box) drawShapes(pen, near, quick, { ink, back, faint, accent });
  }

  function drawBoxes(pen, near, inks) {
    for (const node of scene.nodes) {
      drawBox(pen, node, scene.x[node], scene.y[node], scene.box.get(node), { ...inks, chosen: node === marked.node, dim: near.size && !near.has(node) });
    }
  }

  function drawShapes(pen, near, quick, { ink, back, accent }) {
    const groups = labels.map(() => []);
    for (const node of scene.nodes) {
      const x = sx(node), y = sy(node);
      if (x > -20 && y > -20 && x < width + 20 && y < height + 20) groups[data.nodes.label[node]].push(node);
    }
    const seen = [];
    groups.forEach((group, label) => {
      const one = labels[label];
      for (const faded of near.size ? [true, false] : [false]) {
        pen.globalAlpha = faded ? 0.3 : 1;
        pen.fillStyle = one.colour; pen.strokeStyle = back; pen.lineWidth = 1;
        pen.beginPath();
        for (const node of group) {
          if (near.size && near.has(node) === faded) continue;
          const r = fixedRadius(node);
          if (r < 2.4) pen.rect(sx(node) - r, sy(node) - r, 2 * r, 2 * r);
          else shapePath(pen, one.shape, sx(node), sy(node), r);
        }
        pen.fill();
        if (scene.nodes.length <= 3000) pen.stroke();
      }
      seen.push(...group);
    });
    pen.globalAlpha = 1;
    if (marked.node !== null && scene.there[marked.node]) {
      pen.beginPath(); pen.arc(sx(marked.node), sy(marked.node), fixedRadius(marked.node) + 5, 0, 7);
      pen.strokeStyle = accent; pen.lineWidth = 3; pen.stroke();
    }
    if (quick && seen.length > 4000) return;
    // Labels: what is marked, the centre, then the best connected; one that would cover another is left out.
    const weight = (node) => (node === marked.node || node === state.centre ? 1e9 : 0) + (near.has(node) ? 1e6 : 0) + degreeOf(node) / (data.nodes.label[node] === TASK ? 6 : 1);
    seen.sort((a, b) => weight(b) - weight(a));
    const cell = 16, taken = new Set(), dense = scene.nodes.length > 400;
    pen.textBaseline = "middle"; pen.textAlign = "center"; pen.lineJoin = "round";
    let done = 0;
    for (const node of seen.slice(0, 1500)) {
      const isTask = data.nodes.label[node] === TASK, strong = weight(node) >= 1e6;
      if (isTask && dense && !strong && view.scale < 0.9) continue;
      const size = strong ? 13 : 12, text = short(textOf(node), isTask ? 16 : 18);
      pen.font = `${strong ? "600 " : ""}${size}px ${FONT}`;
      const wide = pen.measureText(text).width + 6, x = sx(node), y = sy(node) + fixedRadius(node) + 9;
      const spots = [];
      for (let i = Math.floor((x - wide / 2) / cell); i <= Math.floor((x + wide / 2) / cell); i++) {
        for (let j = Math.floor((y - 8) / cell); j <= Math.floor((y + 8) / cell); j++) spots.push(i * 65536 + j);
      }
      if (weight(node) < 1e9 && spots.some((spot) => taken.has(spot))) continue;
      spots.forEach((spot) => taken.add(spot));
      pen.strokeStyle = back; pen.lineWidth = 4; pen.globalAlpha = 0.9; pen.strokeText(text, x, y);
      pen.globalAlpha = near.size && !near.has(node) ? 0.35 : 1; pen.fillStyle = ink; pen.fillText(text, x, y); pen.globalAlpha = 1;
      if (++done >= 260) break;
    }
  }

  function repaint(quick) {
    if (quick) {
      moving = true; clearTimeout(settle);
      settle = setTimeout(() => { moving = false; repaint(false); }, 160);
    }
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      const pen = canvas.getContext("2d");
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      draw(pen, moving);
      painted(host);
    });
  }

  function resize() {
    const area = host.getBoundingClientRect();
    ratio = window.devicePixelRatio || 1; width = area.width; height = area.height;
    canvas.width = Math.round(width * ratio); canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`; canvas.style.height = `${height}px`;
    repaint(false);
  }

  function hit(px, py) {
    if (!scene) return {};
    const x = (px - view.x) / view.scale, y = (py - view.y) / view.scale;
    let best = null, far = Infinity;
    for (const node of scene.nodes) {
      if (scene.box) {
        const [w, h] = scene.box.get(node);
        if (Math.abs(x - scene.x[node]) <= w / 2 && Math.abs(y - scene.y[node]) <= h / 2) return { node };
      } else {
        const distance = Math.hypot(px - sx(node), py - sy(node)) - Math.max(fixedRadius(node), 5);
        if (distance < 2 && distance < far) { best = node; far = distance; }
      }
    }
    if (best !== null) return { node: best };
    let edgeBest = null; far = 6 / view.scale;
    for (const edge of scene.edges) {
      const distance = nearTo(course(scene, edge), x, y);
      if (distance < far) { edgeBest = edge; far = distance; }
    }
    return edgeBest === null ? {} : { edge: edgeBest };
  }
  const at = (event) => { const area = canvas.getBoundingClientRect(); return [event.clientX - area.left, event.clientY - area.top]; };

  let held = null;
  canvas.addEventListener("pointerdown", (event) => { held = { x: event.clientX, y: event.clientY, far: 0 }; canvas.setPointerCapture(event.pointerId); host.focus({ preventScroll: true }); });
  canvas.addEventListener("pointermove", (event) => {
    if (held) {
      const dx = event.clientX - held.x, dy = event.clientY - held.y;
      held.far += Math.abs(dx) + Math.abs(dy); held.x = event.clientX; held.y = event.clientY;
      if (held.far > 4) { view.x += dx; view.y += dy; tip.hidden = true; repaint(true); }
      return;
    }
    if (scene && scene.edges.length > 20000 && moving) return;
    const [x, y] = at(event), found = hit(x, y);
    canvas.style.cursor = found.node === undefined && found.edge === undefined ? "grab" : "pointer";
    tip.hidden = found.node === undefined && found.edge === undefined;
    if (!tip.hidden) {
      tip.textContent = found.node !== undefined ? `${labelOf(found.node)[lang]} · ${short(textOf(found.node), 80)}`
        : `${typeText(found.edge)}${roleOf(found.edge) ? " · " + word(roleOf(found.edge)) : ""}`;
      tip.style.left = `${Math.max(4, Math.min(x + 14, width - tip.offsetWidth - 6))}px`;
      tip.style.top = `${Math.min(y + 16, height - tip.offsetHeight - 6)}px`;
    }
  });
  canvas.addEventListener("pointerleave", () => { tip.hidden = true; });
  canvas.addEventListener("pointerup", (event) => {
    const still = held && held.far <= 4;
    held = null;
    if (still) on.click(hit(...at(event)));
  });
  canvas.addEventListener("pointercancel", () => { held = null; });
  canvas.addEventListener("dblclick", (event) => { const found = hit(...at(event)); if (found.node !== undefined) on.focus(found.node); });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const [x, y] = at(event);
    if (scene && scene.box && !event.ctrlKey && !event.metaKey) { view.x -= event.deltaX; view.y -= event.deltaY; repaint(true); } else zoom(Math.exp(-event.deltaY * 0.0015), x, y);
  }, { passive: false });

  function zoom(by, x = width / 2, y = height / 2) {
    const scale = Math.max(0.01, Math.min(6, view.scale * by)), real = scale / view.scale;
    view = { scale, x: x - (x - view.x) * real, y: y - (y - view.y) * real };
    repaint(true);
  }

  return {
    resize, zoom, repaint: () => repaint(false),
    pan(dx, dy) { view.x += dx; view.y += dy; repaint(true); },
    show(next, keep) {
      scene = next;
      scene.there = new Uint8Array(nodeCount); scene.nodes.forEach((node) => { scene.there[node] = 1; });
      if (!keep) view = opening(scene, width, height, false);
      repaint(false);
    },
    fit() { view = opening(scene, width, height, true); repaint(false); },
    mark(next) {
      marked = next;
      if (next.node !== null && scene && scene.there[next.node]) {
        const x = sx(next.node), y = sy(next.node);
        if (x < 20 || y < 20 || x > width - 20 || y > height - 20) { view.x += width / 2 - x; view.y += height / 2 - y; }
      }
      repaint(false);
    },
    where(node) { return scene && scene.there && scene.there[node] ? { x: sx(node), y: sy(node) } : null; },
    middle(edge) {
      const way = course(scene, edge), t = way.length === 4 ? 2 : 6;
      return { x: ((way[0] + way[t]) / 2) * view.scale + view.x, y: ((way[1] + way[t + 1]) / 2) * view.scale + view.y };
    },
    picture(scaleUp) {
      const copy = make("canvas", { width: Math.round(width * scaleUp), height: Math.round(height * scaleUp) }), pen = copy.getContext("2d");
      pen.setTransform(scaleUp, 0, 0, scaleUp, 0, 0);
      draw(pen, false);
      return copy;
    },
  };
}
