// The SPARQL editor: takes the place of the plain form, which works without it.

import Yasgui from "@zazuko/yasgui";
import "@zazuko/yasgui/build/yasgui.min.css";
import { completeFrom } from "./completion.js";
import { linker } from "./links.js";
import { resultsIn, told } from "./results.js";
import { stringsFor, translator } from "./strings.js";
import "./style.css";

const LONGEST_ADDRESS = 4000; // longer queries are posted

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** The prefixes that the page lists: name -> namespace. */
function prefixesOf(text) {
  return Object.fromEntries(
    [...text.matchAll(/^PREFIX ([\w-]*): <([^>]*)>$/gm)].map(([, name, namespace]) => [name, namespace]),
  );
}

function edit(form) {
  const language = document.documentElement.lang;
  const texts = JSON.parse(form.dataset.texts);
  const strings = stringsFor(texts, language);
  const translations = {
    translate: translator(texts, language),
    translateLabel: translator(texts, language, true),
  };
  const link = linker(form.dataset);
  const prefixes = prefixesOf(document.getElementById("prefix-list").textContent);
  const endpoint = new URL(form.getAttribute("action"), location.href).href;
  const area = form.elements.query;
  const label = form.querySelector(`label[for="${area.id}"]`);

  completeFrom(Yasgui.Yasqe, endpoint, prefixes);
  const place = make("div", { className: "editor" });
  area.after(place);
  const yasqe = new Yasgui.Yasqe(place, {
    autocompleters: ["prefixes", "variables", "class", "property"],
    consumeShareLink: null,
    createShareableLink: null,
    editorHeight: "20rem",
    // Tab moves on, so that nobody who uses the keyboard is caught in the editor.
    extraKeys: { Tab: false, "Shift-Tab": false },
    persistenceId: null,
    requestConfig: {
      acceptHeaderGraph: "text/turtle",
      endpoint,
      method: (asked) => (asked.getValue().length > LONGEST_ADDRESS ? "POST" : "GET"),
    },
    showQueryButton: false,
    value: area.value,
  });
  const field = yasqe.getInputField();
  field.id = "editor-field";
  field.setAttribute("aria-describedby", "editor-keys");
  label.htmlFor = field.id;
  field.setAttribute("aria-label", label.textContent.trim());
  area.hidden = true;
  yasqe.on("change", () => (area.value = yasqe.getValue()));

  const status = make("span", { className: "status" });
  status.setAttribute("role", "status");
  const run = make("button", { type: "button", className: "run", textContent: strings.run });
  const buttons = form.querySelector(".buttons");
  form.querySelector('[name="run"]')?.remove();
  buttons.prepend(run, " ");
  buttons.append(" ", status);
  place.after(make("span", { id: "editor-keys", className: "hint", textContent: strings.keys }));

  const answer = make("div", { className: "yasgui answer" });
  const section = make(
    "section",
    { hidden: true },
    make("h2", { id: "live-answer", textContent: strings.answer }),
    answer,
  );
  section.setAttribute("aria-labelledby", "live-answer");
  form.after(section);
  const yasr = resultsIn(answer, Yasgui.Yasr, { strings, translations, link, prefixes });

  let asking = false;
  const turn = (busy) => {
    asking = busy;
    run.textContent = busy ? strings.stop : strings.run;
  };
  const ask = () => yasqe.query().catch(() => {});
  run.addEventListener("click", () => {
    if (!asking) return void ask();
    yasqe.abortQuery();
    turn(false);
    status.textContent = strings.stopped;
  });
  yasqe.on("query", () => {
    turn(true);
    status.textContent = strings.running;
    const address = new URL(location.href);
    address.search = new URLSearchParams({ query: yasqe.getValue() });
    if (address.href.length < LONGEST_ADDRESS) history.replaceState(null, "", address);
  });
  yasqe.on("queryResponse", (_, response, duration) => {
    if (response?.name === "AbortError") return;
    turn(false);
    // What the server wrote into the page before is the answer to another query.
    document.getElementById("answer")?.closest("section").remove();
    document.querySelector("main > .error")?.remove();
    section.hidden = false;
    yasr.setResponse(response, duration);
    status.textContent = told(yasr.results, strings);
  });

  const take = (address) => {
    yasqe.setValue(new URL(address, location.href).searchParams.get("query"));
    yasqe.focus();
  };
  const groups = [...document.querySelectorAll("details.examples")];
  const optionOf = (each) => make("option", { value: each.href, textContent: each.textContent });
  const choice = make(
    "select",
    { id: "example" },
    make("option", { value: "", textContent: strings.choose }),
    ...groups.map((group) =>
      make(
        "optgroup",
        { label: group.querySelector("summary").firstChild.data.trim() },
        ...[...group.querySelectorAll("a")].map(optionOf),
      ),
    ),
  );
  choice.addEventListener("change", () => choice.value && take(choice.value));
  form.prepend(make("p", {}, make("label", { htmlFor: "example", textContent: strings.examples }), choice));
  for (const each of groups.flatMap((group) => [...group.querySelectorAll("a")])) {
    each.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      take(each.href);
      form.scrollIntoView();
    });
  }
}

const form = document.querySelector("form.ask");
if (form) edit(form);
