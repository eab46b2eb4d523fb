// What a reader would stumble over in a page as it is laid out now; one line of text for each.
(() => {
  const found = [];
  const say = (kind, where, what) => found.push(`${kind}: ${where}: ${what}`);
  const short = (text) => JSON.stringify(text.trim().replace(/\s+/g, " ").slice(0, 60));
  const onPaper = matchMedia("print").matches;
  const width = document.documentElement.clientWidth;

  const seen = (element) => {
    const box = element.getBoundingClientRect();
    return element.checkVisibility({ visibilityProperty: true }) && box.width > 0 && box.height > 0;
  };
  const nameOf = (element) => {
    const panel = element.closest("[id]") || element.closest("section, header, table");
    return panel ? panel.id || panel.className || panel.tagName.toLowerCase() : "page";
  };
  // letters fill about two thirds of their line's height: only what would touch ink counts
  const inkOf = (box) => {
    const tall = Math.max(1, box.height < box.width * 1.5 ? 0.2 * box.height : 0);
    const wide = box.height >= box.width * 1.5 ? 0.2 * box.width : 0;
    return { left: box.left + wide, right: box.right - wide, top: box.top + tall, bottom: box.bottom - tall };
  };
  const overlap = (one, two) =>
    Math.min(one.right, two.right) - Math.max(one.left, two.left) > 1.5 &&
    Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top) > 1.5;

  function collisions(items, where) {
    items.sort((one, two) => one.box.top - two.box.top);
    for (let i = 0; i < items.length; i++)
      for (let j = i + 1; j < items.length && items[j].box.top < items[i].box.bottom; j++)
        if (items[i].owner !== items[j].owner && overlap(items[i].box, items[j].box))
          say("overlap", where(items[i]), `${short(items[i].text)} and ${short(items[j].text)}`);
  }

  if (document.documentElement.scrollWidth > width + 1)
    say("scroll", "page", `${document.documentElement.scrollWidth} px in a window of ${width} px`);

  // pictures: letters inside their frame, not upon each other, large enough to be read
  for (const svg of document.querySelectorAll("svg")) {
    if (!seen(svg)) continue;
    const frame = svg.getBoundingClientRect();
    const letters = [...svg.querySelectorAll("text")].filter((one) => one.textContent.trim() && seen(one));
    const items = letters.map((one) => ({ owner: one, text: one.textContent, box: inkOf(one.getBoundingClientRect()) }));
    for (const { text, box } of items)
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        say("cut", nameOf(svg), short(text));
    const scale = frame.width / (svg.viewBox.baseVal.width || frame.width);
    const least = Math.min(...letters.map((one) => parseFloat(getComputedStyle(one).fontSize) * scale));
    if (least < (onPaper ? 5.4 : 6.5)) say("small", nameOf(svg), `letters of ${least.toFixed(1)} px`);
    collisions(items, () => nameOf(svg));
    if (onPaper && frame.height > 1000) say("tall", nameOf(svg), `${frame.height.toFixed(0)} px do not fit a page`);
  }

  // words of the page
  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const owner = node.parentElement;
    if (!node.textContent.trim() || owner.closest("svg, script, style") || !seen(owner)) continue;
    const inTable = owner.closest(".scroll");
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 1 || box.height < 1) continue;
      if ((onPaper || !inTable) && (box.right > width + 1 || box.left < -1)) say("cut", nameOf(owner), short(node.textContent));
      words.push({ owner: node, text: node.textContent, box: inkOf(box) });
    }
  }
  collisions(words, (one) => nameOf(one.owner.parentElement));
  for (const element of document.querySelectorAll(".tile, .panel, td, th, figcaption"))
    if (seen(element) && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline")
      say("cut", nameOf(element), `${short(element.textContent)} is wider than its box`);

  // a panel shows something or says why not
  for (const panel of document.querySelectorAll("figure.panel, .tile")) {
    if (!seen(panel)) continue;
    const drawing = [...panel.querySelectorAll("svg")].find(seen);
    const shapes = drawing ? drawing.querySelectorAll("path, use, polyline, rect").length : 0;
    const reason = (panel.querySelector("p, .value, figcaption") || {}).textContent || "";
    if (panel.matches(".panel") && !(shapes > 3) && !(panel.matches(".missing") && reason.trim().length > 10))
      say("empty", nameOf(panel), "no picture and no reason");
    if (drawing && panel.matches(".panel") && !(drawing.getAttribute("aria-label") || "").trim())
      say("mute", nameOf(panel), "no words for those who do not see the picture");
  }
  return [...new Set(found)];
})()
