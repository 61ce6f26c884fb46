// Above a long table: a field for words, and a choice for each column of few values.
"use strict";
(() => {
  const words = document.querySelector("main").dataset.filter;
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const valuesOf = (cell) => {
    const links = [...cell.querySelectorAll("a")].map((link) => link.textContent.trim());
    return links.length ? links : [cell.textContent.trim()].filter(Boolean);
  };

  for (const table of document.querySelectorAll("table.lined")) {
    const rows = [...table.tBodies[0].rows];
    if (rows.length < 12) continue;
    const form = document.createElement("p"), field = document.createElement("input");
    const count = document.createElement("span");
    form.className = "filters";
    field.type = "search";
    field.placeholder = words;
    field.setAttribute("aria-label", words);
    count.setAttribute("role", "status");
    form.append(field);
    const choices = [...table.tHead.rows[0].cells].flatMap((heading, column) => {
      const values = new Set(rows.flatMap((row) => valuesOf(row.cells[column])));
      if (values.size < 2 || values.size > 40 || values.size > rows.length * 0.6) return [];
      const choice = document.createElement("select");
      choice.setAttribute("aria-label", heading.textContent.trim());
      choice.add(new Option(heading.textContent.trim(), ""));
      for (const value of [...values].sort((a, b) => a.localeCompare(b, document.documentElement.lang)))
        choice.add(new Option(value));
      form.append(choice);
      return [[choice, column]];
    });
    form.append(count);
    const filter = () => {
      const asked = plain(field.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = plain(row.textContent);
        const fits = asked.every((word) => text.includes(word)) && choices.every(([choice, column]) =>
          !choice.value || valuesOf(row.cells[column]).includes(choice.value));
        row.hidden = !fits;
        shown += fits;
      }
      count.textContent = `${shown} / ${rows.length}`;
    };
    form.addEventListener("input", filter);
    form.addEventListener("change", filter);
    (table.closest(".wide") ?? table).before(form);
  }
})();
