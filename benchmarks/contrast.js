// Letters that stand out too little from what lies behind them (WCAG 2.1 AA), one line for each.
(() => {
  const parse = (text) => {
    const parts = (text.match(/[\d.]+/g) || []).map(Number);
    return { rgb: parts.slice(0, 3), alpha: parts.length > 3 ? parts[3] : 1 };
  };
  const over = (top, alpha, below) => top.map((value, k) => alpha * value + (1 - alpha) * below[k]);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((value) => value / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, two) => {
    const [low, high] = [light(one), light(two)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const groundOf = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const { rgb, alpha } = parse(getComputedStyle(at).backgroundColor);
      if (alpha > 0 && rgb.length) layers.push({ rgb, alpha });
      if (alpha === 1) break;
    }
    return layers.reverse().reduce((below, one) => over(one.rgb, one.alpha, below), [255, 255, 255]);
  };
  const shapeBelow = (text, svg, ground) => {
    const box = text.getBoundingClientRect();
    const stack = document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const fills = [];
    for (const one of stack) {
      if (one === svg) break;
      if (!svg.contains(one) || one.closest("text") || !one.matches("path, rect, polygon")) continue;
      const style = getComputedStyle(one);
      if (style.fill === "none") continue;
      const { rgb, alpha } = parse(style.fill);
      fills.push({ rgb, alpha: alpha * Number(style.opacity) * Number(style.fillOpacity) });
    }
    return fills.reverse().reduce((below, one) => over(one.rgb, one.alpha, below), ground);
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const owner = walker.currentNode.parentElement;
    const box = owner.getBoundingClientRect();
    if (!walker.currentNode.textContent.trim() || owner.closest("script, style") || box.width < 1 || !owner.checkVisibility()) continue;
    const style = getComputedStyle(owner);
    const svg = owner.closest("svg");
    const ground = svg ? shapeBelow(owner.closest("text"), svg, groundOf(svg.parentElement)) : groundOf(owner);
    const ink = parse(svg ? style.fill : style.color);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const got = ratio(over(ink.rgb, ink.alpha * Number(svg ? style.fillOpacity : 1), ground), ground);
    if (got < (large ? 3 : 4.5))
      found.push(`contrast: ${(owner.closest("[id]") || owner).id || owner.className}: ${got.toFixed(1)} for ${JSON.stringify(owner.textContent.trim().slice(0, 40))}`);
  }
  return [...new Set(found)];
})()
