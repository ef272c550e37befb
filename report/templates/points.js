"use strict";
// What a figure's points say: the nearest one to the pointer, or one after the other by the arrow keys.
(() => {
  const box = document.createElement("output"), ring = document.createElement("span");
  box.className = "point-text";
  ring.className = "point-ring";
  box.hidden = ring.hidden = true;
  document.body.append(ring, box);
  const REACH = 28;
  let specifications = null;
  // Specifications are written once for all curves, whose points end with a tab and a number.
  const written = (text) => {
    const [said, number] = text.split("\t");
    if (number === undefined) return said;
    specifications ??= JSON.parse(document.getElementById("specification-texts").textContent);
    return `${said}: ${specifications[number]}`;
  };
  for (const section of document.querySelectorAll("[data-points]")) {
    let points = null, now = -1;
    const svg = section.querySelector("svg");
    const read = () => (points ??= section.dataset.points.split("\n").map((line) => {
      const [, x, y, text] = /^(\S+) (\S+) (.*)$/s.exec(line);
      return { x: +x, y: +y, text };
    }));
    const place = (point) => {
      const { x, y } = new DOMPoint(point.x, point.y).matrixTransform(svg.getScreenCTM());
      return { x, y };
    };
    const hide = () => { box.hidden = ring.hidden = true; now = -1; };
    const show = (index) => {
      now = index;
      const { x, y } = place(read()[index]);
      box.textContent = written(points[index].text);
      box.hidden = ring.hidden = false;
      ring.style.left = `${x + scrollX}px`;
      ring.style.top = `${y + scrollY}px`;
      const width = box.offsetWidth, left = Math.max(4, Math.min(x + 12, innerWidth - width - 8));
      box.style.left = `${left + scrollX}px`;
      box.style.top = `${y + scrollY + (y > innerHeight - 80 ? -12 - box.offsetHeight : 14)}px`;
    };
    svg.addEventListener("pointermove", (event) => {
      let best = -1, least = REACH;
      read().forEach((point, index) => {
        const { x, y } = place(point), distance = Math.hypot(x - event.clientX, y - event.clientY);
        if (distance < least) [best, least] = [index, distance];
      });
      if (best < 0) hide(); else if (best !== now) show(best);
    });
    svg.addEventListener("pointerleave", hide);
    section.addEventListener("blur", hide);
    section.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (event.key === "Escape") hide();
      if (!step) return;
      event.preventDefault();
      const n = read().length;
      show(now < 0 ? (step > 0 ? 0 : n - 1) : (now + step + n) % n);
    });
  }
})();
