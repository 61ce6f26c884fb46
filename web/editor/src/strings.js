// What the editor says: English here, in the language of the page what the catalogues of govgraph
// (src/govgraph/texts/locales) have for it, which the form brings along.

/** Returns gettext's functions: `texts` holds English -> translation, by plural category or not. */
function gettextOf(texts, language) {
  const category = new Intl.PluralRules(language);
  return {
    _: (text) => texts[text] ?? text,
    ngettext: (one, many, count) => {
      const forms = texts[one] ?? { one, other: many };
      const text = forms[category.select(count)] ?? forms.other ?? many;
      return text.replace("%(num)s", count.toLocaleString(language));
    },
  };
}

export function stringsFor(texts, language) {
  const { _, ngettext } = gettextOf(texts, language);
  return {
    examples: _("Example"),
    choose: _("Choose a stored query…"),
    run: _("Run"),
    stop: _("Stop"),
    running: _("Asking…"),
    stopped: _("Stopped."),
    rows: (count) => ngettext("%(num)s row", "%(num)s rows", count),
    yes: _("Yes"),
    no: _("No"),
    answered: _("Answered."),
    refused: _("The query was refused."),
    unreachable: _("The endpoint did not answer: it may be down, or too far away."),
    keys: _("Ctrl+Enter runs the query, Ctrl+Space completes a name, Tab leaves the editor."),
    answer: _("Answer"),
  };
}

/** What the library says, and what a reader is told instead. */
const replaced = (_) => ({
  "Simple view": _("Values only"),
  Ellipse: _("Shorten long values"),
  Table: _("Table"),
  Response: _("As sent"),
  "Page size: ": _("Rows a page: "),
  "Filter query results": _("Filter the rows"),
  All: _("All rows"),
  True: _("Yes"),
  False: _("No"),
  "Show all": _("Show all"),
  "Download result": _("Download the answer"),
  "Download Results": _("Download the answer"),
  "Download not supported": _("It cannot be downloaded"),
  "Shows Table view": _("Show as a table"),
  "Shows Response view": _("Show as sent"),
  "No data available in table": _("No rows"),
  "No matching records found": _("No row fits"),
});

/** The same for what is only read out, beside which words of the data may stand. */
const labels = (_) => ({
  pagination: _("Pages of the answer"),
  First: _("First page"),
  Previous: _("Previous page"),
  Next: _("Next page"),
  Last: _("Last page"),
});

const patterns = (_) => [
  [/^This line is invalid\. Expected: $/, _("This line is not valid. Expected: ")],
  [/^Showing ([\d,]+) to ([\d,]+) of ([\d,]+) entr(?:y|ies)/, _("Rows $1 to $2 of $3")],
  [/^View documentation of .*$/, _("Help with this view")],
  [/: Activate to sort$/, _(": sort")],
  [/: Activate to invert sorting$/, _(": sort the other way")],
  [/: Activate to remove sorting$/, _(": do not sort")],
  [/ \(filtered from ([\d,]+) total entries\)$/, _(" (of $1)")],
];

/** Returns what to say instead of a text, or label, of the library; the same for any other. */
export function translator(texts, language, ofLabels = false) {
  const { _ } = gettextOf(texts, language);
  const words = { ...replaced(_), ...(ofLabels ? labels(_) : {}) };
  const rules = patterns(_);
  return (text) =>
    words[text] ?? rules.reduce((said, [pattern, into]) => said.replace(pattern, into), text);
}
