// Suggestions below the search field, and on a static site the results. Ranks as pages/search.py.
"use strict";
(() => {
  const form = document.querySelector("form.search");
  const field = form.querySelector("input");
  const list = form.querySelector("ul");
  const root = form.dataset.root;
  let loading = null;

  const plain = (text) =>
    (text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replaceAll("ß", "ss")
      .match(/[\p{L}\p{N}]+/gu) ?? []).join(" ");

  function load() {
    loading ??= new Promise((done) => {
      window.govgraphSearch = ({ kinds, entries }) => done(entries.map(
        ([title, kind, address, names, notes]) => ({
          title, kind: kinds[kind], address,
          names: `|${[title, ...names.split("\n")].map(plain).join("|")}|`,
          notes: `|${notes.split("\n").map(plain).join("|")}|`,
        })));
      const script = document.createElement("script");
      script.src = form.dataset.index;
      document.head.append(script);
    });
    return loading;
  }

  async function found(text) {
    const asked = plain(text), words = asked.split(" ").filter(Boolean);
    if (!words.length) return [];
    const rank = ({ names, notes }) => {
      if (!words.every((word) => (names + notes).includes(word))) return -1;
      const starts = words.every((word) => names.includes(` ${word}`) || names.includes(`|${word}`));
      const tests = [names.includes(`|${asked}|`), names.startsWith(`|${asked}`), starts,
        words.every((word) => names.includes(word)), true];
      return tests.indexOf(true);
    };
    const hits = (await load()).map((entry) => ({ ...entry, rank: rank(entry) }));
    return hits.filter((hit) => hit.rank >= 0)
      .sort((a, b) => a.rank - b.rank || [...a.title].length - [...b.title].length);
  }

  // What was perhaps meant: entries by how many pairs of letters their names share with the text.
  async function near(text) {
    const pairs = (word) => new Set([...word].slice(1).map((letter, at) => [...word][at] + letter));
    const asked = pairs(plain(text));
    const likeness = (name) => {
      const own = pairs(name), shared = [...asked].filter((pair) => own.has(pair)).length;
      return (2 * shared) / (asked.size + own.size || 1);
    };
    const hits = (await load()).map((entry) => {
      const names = [...entry.names.split("|").filter(Boolean), plain(entry.address.split("/").pop().slice(0, -5))];
      return { ...entry, like: Math.max(...names.map(likeness)) };
    });
    return hits.filter((hit) => hit.like > 0.4).sort((a, b) => b.like - a.like).slice(0, 5);
  }

  function show(hits, into) {
    into.replaceChildren(...hits.map((hit) => {
      const item = document.createElement("li"), link = document.createElement("a");
      const kind = document.createElement("span");
      link.href = root + hit.address;
      link.textContent = hit.title;
      kind.textContent = hit.kind;
      item.append(link, " ", kind);
      return item;
    }));
    into.hidden = !hits.length;
  }

  const suggest = async () => {
    const text = field.value, hits = await found(text);
    if (text === field.value) show(hits.slice(0, 8), list);
  };
  field.addEventListener("input", suggest);
  field.addEventListener("focus", load, { once: true });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) list.hidden = true;
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { list.hidden = true; field.focus(); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || list.hidden) return;
    const places = [field, ...list.querySelectorAll("a")];
    const at = places.indexOf(document.activeElement) + step;
    places[(at + places.length) % places.length].focus();
    event.preventDefault();
  });

  // A page without a server behind it: the results of ?q=…, or what a wrong address may have meant.
  const results = document.querySelector("[data-found]");
  if (!results) return;
  const wrong = decodeURIComponent(location.pathname).replace(/\.\w+$/, "").split("/").pop();
  const asked = new URLSearchParams(location.search).get("q") ?? "";
  const text = results.dataset.found === "missing" ? wrong : asked;
  if (results.dataset.found !== "missing") for (const each of document.querySelectorAll("[name=q]")) each.value = text;
  if (!plain(text)) return;
  found(text).then(async (all) => {
    const hits = all.length || results.dataset.found !== "missing" ? all : await near(text);
    show(hits.slice(0, results.dataset.found === "missing" ? 5 : 100), results);
    const said = document.querySelector("[data-said]");
    if (said) { said.textContent = said.dataset.said.replace("#", hits.length); said.hidden = false; }
    const box = document.querySelector("[data-near]");
    if (box) box.hidden = !hits.length;
  });
})();
