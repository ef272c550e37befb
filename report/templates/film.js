"use strict";
// The film: draws the pairs of one layer, moves between layers, shows a pair's windows of text.
// Without this script the report still has every layer in its grid of figures.
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("film-data").textContent);
  const section = byId("film"), canvas = byId("film-canvas"), slider = byId("film-layer");
  const button = byId("film-play"), across = byId("film-across"), axes = byId("film-axes");
  const context = canvas.getContext("2d");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const STEPS = 4095, MOVE = 450, HOLD = 500, MARGIN = { left: 56, right: 12, top: 12, bottom: 40 };
  const UP = data.up.name;
  const labels = Object.fromEntries([data.up, ...data.across].map((measure) => [measure.name, measure.label]));

  // Marks by kind: circle, square, diamond, triangle.
  const polygon = (points) => {
    points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.closePath();
  };
  const MARKS = [
    (x, y, r) => context.arc(x, y, r, 0, 2 * Math.PI),
    (x, y, r) => context.rect(x - r, y - r, 2 * r, 2 * r),
    (x, y, r) => polygon([[x, y - 1.4 * r], [x + 1.4 * r, y], [x, y + 1.4 * r], [x - 1.4 * r, y]]),
    (x, y, r) => polygon([[x, y - 1.3 * r], [x + 1.3 * r, y + r], [x - 1.3 * r, y + r]]),
  ];

  const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  // Two numbers of twelve bits in three bytes.
  const steps = (text) => {
    const bytes = bytesOf(text), found = new Uint16Array((bytes.length / 3) * 2);
    for (let at = 0, i = 0; at < bytes.length; at += 3) {
      found[i++] = bytes[at] | ((bytes[at + 1] & 15) << 8);
      found[i++] = (bytes[at + 1] >> 4) | (bytes[at + 2] << 4);
    }
    return found;
  };
  const words = (text) => {
    const bytes = bytesOf(text);
    const view = new DataView(bytes.buffer);
    return Uint16Array.from({ length: bytes.length / 2 }, (_, i) => view.getUint16(2 * i, true));
  };
  for (const [i, kind] of data.kinds.entries()) {
    kind.index = words(kind.index);
    kind.sorts = kind.sorts && words(kind.sorts);
    kind.box = byId(`film-show-${i}`);
    kind.mark = i % MARKS.length;
  }
  const value = (kind, name, layer, point) => {
    const measure = kind.measures[name], low = measure.low[layer], high = measure.high[layer];
    measure.steps ??= steps(measure.data);
    return low + (high - low) * measure.steps[layer * kind.count + point] / STEPS;
  };
  const shown = () => data.kinds.filter((kind) => kind.box.checked);

  // Axes. A measure may grow by orders of magnitude, so an axis for all layers is logarithmic where it can be.
  const layerRange = (name, layer) => {
    const kinds = shown().length ? shown() : data.kinds;
    const low = Math.min(...kinds.map((kind) => kind.measures[name].low[layer]));
    const high = Math.max(...kinds.map((kind) => kind.measures[name].high[layer]));
    const room = 0.05 * (high - low) || Math.abs(high) * 0.05 || 1;
    return { low: low - room, high: high + room, log: false };
  };
  const wholeRange = (name) => {
    const kinds = data.kinds, first = data.levels > 1 ? 1 : 0;
    const low = Math.min(...kinds.flatMap((kind) => kind.measures[name].low.slice(first)));
    const high = Math.max(...kinds.flatMap((kind) => kind.measures[name].high.slice(first)));
    if (low > 0 && high / low > 50) return { low: low / 1.2, high: high * 1.2, log: true };
    const room = 0.05 * (high - low) || 1;
    return { low: low - room, high: high + room, log: false };
  };
  // Layer 0 lies far from the others and is two points: it always has axes of its own.
  const range = (name, layer) =>
    axes.value === "fixed" && layer > 0 ? wholeRange(name) : layerRange(name, layer);
  const along = (number, scale) => (scale.log ? Math.log(Math.max(number, Number.MIN_VALUE)) : number);
  const share = (number, scale) => {
    const low = along(scale.low, scale);
    return (along(number, scale) - low) / (along(scale.high, scale) - low);
  };

  // State: the film stands at `from`, or moves from there to `to`.
  let from = +slider.value, to = from, moved = 1, playing = false, picked = null, timer = 0, frame = 0;
  let places = [];

  const size = () => ({ width: canvas.clientWidth, height: canvas.clientHeight });
  const place = (kind, layer, point, scales) => {
    const { width, height } = size();
    const x = share(value(kind, across.value, layer, point), scales.x);
    const y = share(value(kind, UP, layer, point), scales.y);
    return [
      MARGIN.left + x * (width - MARGIN.left - MARGIN.right),
      height - MARGIN.bottom - y * (height - MARGIN.top - MARGIN.bottom),
    ];
  };
  const scalesOf = (layer) => ({ x: range(across.value, layer), y: range(UP, layer) });

  const ticks = (scale) => {
    if (scale.log) {
      const found = [];
      for (let power = Math.ceil(Math.log10(scale.low)); 10 ** power <= scale.high; power++) found.push(10 ** power);
      if (found.length > 1) return found;
      return [scale.low * 1.2, Math.sqrt(scale.low * scale.high), scale.high / 1.2];
    }
    const rough = (scale.high - scale.low) / 5, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough);
    const found = [];
    // Adding zero turns a negative zero into a plain one.
    for (let i = Math.ceil(scale.low / step); i * step <= scale.high; i++) found.push(i * step + 0);
    return found;
  };
  const number = (digits) => new Intl.NumberFormat(data.language, { maximumSignificantDigits: digits });
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  const drawAxes = (scales) => {
    const { width, height } = size();
    context.font = '12px "Open Sans", sans-serif';
    context.strokeStyle = colour("line");
    context.fillStyle = colour("muted");
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(MARGIN.left, MARGIN.top);
    context.lineTo(MARGIN.left, height - MARGIN.bottom);
    context.lineTo(width - MARGIN.right, height - MARGIN.bottom);
    context.stroke();
    context.textAlign = "center";
    for (const tick of ticks(scales.x)) {
      const x = MARGIN.left + share(tick, scales.x) * (width - MARGIN.left - MARGIN.right);
      context.fillText(number(4).format(tick), x, height - MARGIN.bottom + 16);
    }
    context.fillText(labels[across.value], (MARGIN.left + width) / 2, height - 6);
    context.textAlign = "right";
    for (const tick of ticks(scales.y)) {
      const y = height - MARGIN.bottom - share(tick, scales.y) * (height - MARGIN.top - MARGIN.bottom);
      context.fillText(number(4).format(tick), MARGIN.left - 6, y + 4);
    }
    context.save();
    context.translate(13, height / 2);
    context.rotate(-Math.PI / 2);
    context.textAlign = "center";
    context.fillText(data.up.label, 0, 0);
    context.restore();
  };

  const draw = () => {
    const { width, height } = size(), ratio = devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const before = scalesOf(from), after = scalesOf(to), eased = moved * moved * (3 - 2 * moved);
    drawAxes(moved < 0.5 ? before : after);
    places = [];
    // The kinds take turns, so that none covers another.
    const kinds = shown(), fills = kinds.map((kind) => kind.colours.map(colour));
    const most = Math.max(0, ...kinds.map((kind) => kind.count));
    context.globalAlpha = from === 0 || to === 0 ? 1 : 0.5;
    for (let point = 0; point < most; point++) {
      for (const [i, kind] of kinds.entries()) {
        if (point >= kind.count) continue;
        context.fillStyle = fills[i][kind.sorts ? kind.sorts[point] : 0];
        const [x0, y0] = place(kind, from, point, before);
        const [x1, y1] = from === to ? [x0, y0] : place(kind, to, point, after);
        const x = x0 + (x1 - x0) * eased, y = y0 + (y1 - y0) * eased;
        const radius = to === 0 ? 4 : 1.7;
        context.beginPath();
        MARKS[kind.mark](x, y, radius);
        context.fill();
        places.push({ kind, point, x, y });
      }
    }
    context.globalAlpha = 1;
    const mark = picked && places.find((spot) => spot.kind === picked.kind && spot.point === picked.point);
    if (mark) {
      context.strokeStyle = colour("ink");
      context.lineWidth = 2;
      context.beginPath();
      context.arc(mark.x, mark.y, 6, 0, 2 * Math.PI);
      context.stroke();
    }
  };

  const tell = () => {
    const layer = to;
    byId("film-now").textContent = `${canvas.dataset.layer} ${layer} / ${data.levels - 1}`;
    slider.value = layer;
    slider.setAttribute("aria-valuetext", `${canvas.dataset.layer} ${layer}`);
  };

  const tellPair = () => {
    const box = byId("film-pair");
    box.replaceChildren();
    if (!picked) return;
    const { kind, point } = picked;
    const numbers = [across.value, UP].map(
      (name) => `${labels[name]} ${number(3).format(value(kind, name, to, point))}`);
    const said = document.createElement("p");
    said.className = "numbers";
    said.textContent = `${kind.label} · ${canvas.dataset.layer} ${to} · ${numbers.join(" · ")}`;
    box.append(said);
    for (const token of [kind.index[2 * point], kind.index[2 * point + 1]]) {
      const row = byId(`token-${kind.kind}-${token}`);
      if (!row) continue;
      const link = document.createElement("a"), text = document.createElement("p");
      link.href = `#${row.id}`;
      link.textContent = token;
      text.className = "window";
      text.append(link, " ", ...row.querySelector(".window").cloneNode(true).childNodes);
      box.append(text);
    }
  };

  const go = (layer) => {
    layer = Math.max(0, Math.min(data.levels - 1, layer));
    cancelAnimationFrame(frame);
    from = to;
    to = layer;
    tell();
    if (calm.matches || from === to) {
      from = to;
      moved = 1;
      draw();
      tellPair();
      return;
    }
    const start = performance.now();
    const step = (now) => {
      moved = Math.min(1, (now - start) / MOVE);
      draw();
      if (moved < 1) frame = requestAnimationFrame(step);
      else {
        from = to;
        tellPair();
      }
    };
    moved = 0;
    frame = requestAnimationFrame(step);
  };

  const stop = () => {
    playing = false;
    clearTimeout(timer);
    button.textContent = button.dataset.play;
    byId("film-now").setAttribute("aria-live", "polite");
  };
  const tick = () => {
    if (to >= data.levels - 1) return stop();
    go(to + 1);
    timer = setTimeout(tick, (calm.matches ? 700 : MOVE) + HOLD);
  };
  const play = () => {
    playing = true;
    button.textContent = button.dataset.pause;
    byId("film-now").setAttribute("aria-live", "off");
    if (to >= data.levels - 1) go(0);
    timer = setTimeout(tick, HOLD);
  };

  button.addEventListener("click", () => (playing ? stop() : play()));
  slider.addEventListener("input", () => {
    stop();
    go(+slider.value);
  });
  for (const control of [across, axes]) control.addEventListener("change", () => { draw(); tellPair(); });
  for (const kind of data.kinds)
    kind.box.addEventListener("change", () => {
      if (picked && !shown().includes(picked.kind)) picked = null;
      draw();
      tellPair();
    });

  const pick = (spot) => {
    const same = picked && spot && picked.kind === spot.kind && picked.point === spot.point;
    if (same || (!picked && !spot)) return;
    picked = spot && { kind: spot.kind, point: spot.point };
    draw();
    tellPair();
  };
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    let best = null, least = 12 ** 2;
    for (const spot of places) {
      const distance = (spot.x - x) ** 2 + (spot.y - y) ** 2;
      if (distance < least) [best, least] = [spot, distance];
    }
    if (best) pick(best);
  });
  canvas.addEventListener("keydown", (event) => {
    const turn = { ArrowLeft: -1, ArrowRight: 1 }[event.key], next = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (turn) {
      stop();
      go(to + turn);
    } else if (next && places.length) {
      const order = [...places].sort((a, b) => a.x - b.x || a.y - b.y);
      const now = picked ? order.findIndex((s) => s.kind === picked.kind && s.point === picked.point) : -next;
      pick(order[(now + next + order.length) % order.length]);
    } else if (event.key === " ") (playing ? stop : play)();
    else if (event.key === "Escape") pick(null);
    else return;
    event.preventDefault();
  });

  section.hidden = false;
  new ResizeObserver(draw).observe(canvas);
  dark.addEventListener("change", draw);
  document.fonts.ready.then(draw);
  tell();
  draw();
})();
