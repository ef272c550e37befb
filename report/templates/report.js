"use strict";
// Filter, folding and contents. The page is complete without this script: nothing is hidden by default.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);

  // Filter by verdict and text: rows of the verdict table, sections of claims, entries of the contents.
  const form = byId("filter");
  const verdicts = new Map(all("article.claim").map((one) => [one.dataset.claim, one.dataset.verdict]));
  let known = null;
  const read = () => new Map(all("article.claim").map((article) => {
    const { claim } = article.dataset, row = document.querySelector(`tr[data-claim="${CSS.escape(claim)}"]`);
    return [claim, `${claim} ${article.textContent} ${row?.textContent ?? ""}`.toLowerCase()];
  }));
  const filter = () => {
    const texts = (known ??= read());
    const chosen = new Set(all("input[name=verdict]:checked", form).map((box) => box.value));
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = new Set();
    for (const [claim, text] of texts) {
      if (chosen.has(verdicts.get(claim)) && words.every((word) => text.includes(word))) shown.add(claim);
    }
    for (const element of all("[data-claim]")) element.hidden = !shown.has(element.dataset.claim);
    for (const group of all(".short .group")) group.hidden = !group.querySelector("article:not([hidden])");
    const count = byId("filter-count");
    count.textContent = shown.size === texts.size ? "" : count.dataset.text.replace("{n}", shown.size).replace("{all}", texts.size);
  };
  if (form) {
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    const fold = (open) => all("details.fold").forEach((one) => { one.open = open; });
    byId("fold-all").addEventListener("click", () => fold(false));
    byId("unfold-all").addEventListener("click", () => fold(true));
  }

  // Tokens, by their text or number.
  const find = byId("find-token");
  if (find) {
    find.closest("label").hidden = false;
    let rows = null;
    find.addEventListener("input", () => {
      rows ??= all("#tokens tbody tr").map((row) => [row, row.textContent.toLowerCase()]);
      const wanted = find.value.toLowerCase();
      let n = 0;
      for (const [row, text] of rows) {
        row.hidden = !text.includes(wanted);
        n += !row.hidden;
      }
      if (wanted) all("#tokens details").forEach((one) => { one.open = true; });
      const count = byId("token-count");
      count.textContent = wanted ? count.dataset.text.replace("{n}", n).replace("{all}", rows.length) : "";
    });
  }

  // A link to a claim shows it, filtered out or folded as it may be.
  const reveal = () => {
    const target = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (form && target.closest("[hidden]")) {
      form.reset();
      filter();
    }
    if (find && target.hidden) {
      find.value = "";
      find.dispatchEvent(new Event("input"));
    }
    for (let place = target; place; place = place.parentElement) if (place.matches("details")) place.open = true;
    const own = target.matches("article.claim") && target.querySelector("details.fold");
    if (own) own.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  // The contents: closed on narrow screens until asked for; the section in sight is marked.
  const contents = document.querySelector("nav.contents details");
  if (contents) {
    const wide = matchMedia("(min-width: 68rem)");
    const fit = () => { contents.open = wide.matches; };
    wide.addEventListener("change", fit);
    fit();
    const links = new Map(all("a", contents).map((link) => [link.hash.slice(1), link]));
    for (const link of links.values()) link.addEventListener("click", () => { if (!wide.matches) contents.open = false; });
    const seen = new Set();
    const watcher = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) isIntersecting ? seen.add(target) : seen.delete(target);
      const inner = [...seen].filter((one) => ![...seen].some((other) => other !== one && one.contains(other)));
      const now = inner.sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)[0];
      for (const [id, link] of links) {
        if (now && id === now.id) {
          if (link.getAttribute("aria-current")) continue;
          link.setAttribute("aria-current", "location");
          const box = link.closest("ul").closest("details"), place = link.getBoundingClientRect();
          const frame = box.getBoundingClientRect();
          if (wide.matches && (place.top < frame.top || place.bottom > innerHeight)) {
            box.scrollTop += place.top - frame.top - innerHeight / 3;
          }
        } else link.removeAttribute("aria-current");
      }
    }, { rootMargin: "-10% 0px -70% 0px" });
    for (const id of links.keys()) if (byId(id)) watcher.observe(byId(id));
  }
})();
