// Values of marks under a mouse, a finger or the arrow keys. The page says everything without it.
// It reads what the picture says about its axes; text goes in as text, never as HTML.
(() => {
  "use strict";
  const box = document.createElement("div");
  box.className = "value-box";
  box.setAttribute("role", "status");
  box.hidden = true;
  document.body.append(box);
  const REACH = 26; // px from a mark that still count as pointing at it
  let ring = null;

  const round = (value, span) => {
    const digits = Math.max(0, Math.min(3, Math.ceil(Math.log10(100 / Math.max(span, 1e-9)))));
    return value.toFixed(digits).replace("-", "\u2212");
  };
  // [low px, high px, low, high, label, [[place, name], ...]]
  const told = (axis, px) => {
    const [from, to, low, high, label, names] = axis;
    const value = low + ((px - from) / (to - from)) * (high - low);
    if (names.length) return names.reduce((a, b) => (Math.abs(b[0] - value) < Math.abs(a[0] - value) ? b : a))[1];
    if (!label) return "";
    const parts = /^([^[]*)\[([^\]]*)\]/.exec(label);
    const number = round(value, Math.abs(high - low));
    return parts ? `${parts[1].trim()} ${number} ${parts[2]}` : `${label} ${number}`.trim();
  };

  // every mark and every corner of a line inside the axes, as {x, y, axes, name}; found once
  const known = new WeakMap();
  const marksOf = (svg) => {
    if (known.has(svg)) return known.get(svg);
    const about = JSON.parse(svg.dataset.axes);
    const marks = [];
    const add = (x, y, element) => {
      const inside = about.axes.find((one) => x >= one.x[0] - 1 && x <= one.x[1] + 1 && y <= one.y[0] + 1 && y >= one.y[1] - 1);
      if (!inside) return;
      const series = element.closest("[data-s]");
      marks.push({ x, y, axes: inside, order: about.axes.indexOf(inside), name: series ? about.names[series.dataset.s] : "" });
    };
    for (const use of svg.querySelectorAll("g[clip-path] use, [data-s] use"))
      add(use.x.baseVal.value, use.y.baseVal.value, use);
    for (const path of svg.querySelectorAll("[data-s] > path")) {
      const corners = path.getAttribute("d").match(/[ML] ?-?[\d.]+ -?[\d.]+/g) || [];
      if (corners.length < 3 || /[CQZz]/.test(path.getAttribute("d"))) continue;
      for (const corner of corners) {
        const [x, y] = corner.slice(1).trim().split(" ").map(Number);
        add(x, y, path);
      }
    }
    marks.sort((one, two) => one.order - two.order || one.x - two.x || one.y - two.y);
    known.set(svg, marks);
    return marks;
  };

  const hide = () => {
    box.hidden = true;
    if (ring) ring.remove();
    ring = null;
  };
  const show = (svg, mark) => {
    hide();
    box.replaceChildren();
    const lines = [[mark.axes.t, mark.name].filter(Boolean).join(" \u00b7 "), told(mark.axes.y, mark.y), told(mark.axes.x, mark.x)];
    for (const line of lines.filter(Boolean)) {
      const row = document.createElement("div");
      row.textContent = line;
      box.append(row);
    }
    ring = document.createElementNS(svg.namespaceURI, "circle");
    for (const [name, value] of [["cx", mark.x], ["cy", mark.y], ["r", 5], ["class", "value-ring"]]) ring.setAttribute(name, value);
    svg.append(ring);
    box.hidden = false;
    const at = ring.getBoundingClientRect();
    const left = Math.min(at.right + 8, document.documentElement.clientWidth - box.offsetWidth - 4);
    const above = at.top - box.offsetHeight - 8;
    box.style.left = `${Math.max(4, left) + scrollX}px`;
    box.style.top = `${(above > 4 ? above : at.bottom + 8) + scrollY}px`;
  };
  const nearest = (svg, event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    let best = null;
    let least = REACH / scale;
    for (const mark of marksOf(svg)) {
      const away = Math.hypot(mark.x - point.x, mark.y - point.y);
      if (away < least) [best, least] = [mark, away];
    }
    return best;
  };

  for (const svg of document.querySelectorAll("svg[data-axes]")) {
    let at = -1;
    const point = (event) => {
      const mark = nearest(svg, event);
      at = mark ? marksOf(svg).indexOf(mark) : at;
      mark ? show(svg, mark) : hide();
    };
    svg.tabIndex = 0;
    svg.addEventListener("pointermove", (event) => event.pointerType === "mouse" && point(event));
    svg.addEventListener("click", point);
    svg.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && hide());
    svg.addEventListener("blur", hide);
    svg.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 20, PageUp: -20, Home: -1e9, End: 1e9 }[event.key];
      if (event.key === "Escape") hide();
      const marks = marksOf(svg);
      if (!step || !marks.length) return;
      event.preventDefault();
      at = Math.max(0, Math.min(marks.length - 1, at + step));
      show(svg, marks[at]);
    });
  }
})();
