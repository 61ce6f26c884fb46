// What the editor says, in the languages of the pages.

const STRINGS = {
  en: {
    examples: "Example",
    choose: "Choose a stored query…",
    run: "Run",
    stop: "Stop",
    running: "Asking…",
    stopped: "Stopped.",
    rows: (count) => (count === 1 ? "1 row" : `${count.toLocaleString("en")} rows`),
    yes: "Yes",
    no: "No",
    answered: "Answered.",
    refused: "The query was refused.",
    unreachable: "The endpoint did not answer: it may be down, or too far away.",
    keys: "Ctrl+Enter runs the query, Ctrl+Space completes a name, Tab leaves the editor.",
    answer: "Answer",
  },
  es: {
    examples: "Ejemplo",
    choose: "Elija una consulta guardada…",
    run: "Ejecutar",
    stop: "Detener",
    running: "Preguntando…",
    stopped: "Detenida.",
    rows: (count) => (count === 1 ? "1 fila" : `${count.toLocaleString("es")} filas`),
    yes: "Sí",
    no: "No",
    answered: "Respondida.",
    refused: "La consulta fue rechazada.",
    unreachable: "El servicio no respondió: puede estar apagado o fuera de alcance.",
    keys: "Ctrl+Intro ejecuta la consulta, Ctrl+Espacio completa un nombre, Tab sale del editor.",
    answer: "Respuesta",
  },
};

/** What the library says, and what a reader is told instead. */
const REPLACED = {
  en: {
    "Simple view": "Values only",
    Ellipse: "Shorten long values",
    Response: "As sent",
    "Page size: ": "Rows a page: ",
    "Filter query results": "Filter the rows",
    True: "Yes",
    False: "No",
  },
  es: {
    "Simple view": "Solo valores",
    Ellipse: "Acortar los largos",
    Table: "Tabla",
    Response: "Tal como llega",
    "Page size: ": "Filas por página: ",
    "Filter query results": "Filtrar las filas",
    All: "Todas",
    True: "Sí",
    False: "No",
    "Show all": "Mostrar todo",
    "Download result": "Descargar el resultado",
    "Download Results": "Descargar el resultado",
    "Download not supported": "No puede descargarse",
    "Shows Table view": "Ver como tabla",
    "Shows Response view": "Ver tal como llega",
    "No data available in table": "Ninguna fila",
    "No matching records found": "Ninguna fila coincide",
  },
};

/** The same for what is only read out, beside which words of the data may stand. */
const LABELS = {
  en: { pagination: "Pages of the answer" },
  es: {
    pagination: "Páginas de la respuesta",
    First: "Primera página",
    Previous: "Página anterior",
    Next: "Página siguiente",
    Last: "Última página",
  },
};

const PATTERNS = {
  en: [],
  es: [
    [/^This line is invalid\. Expected: $/, "Esta línea no es válida. Se esperaba: "],
    [/^Showing ([\d,]+) to ([\d,]+) of ([\d,]+) entr(?:y|ies)/, "Filas $1 a $2 de $3"],
    [/^View documentation of .*$/, "Ver la ayuda de esta vista"],
    [/: Activate to sort$/, ": ordenar"],
    [/: Activate to invert sorting$/, ": invertir el orden"],
    [/: Activate to remove sorting$/, ": quitar el orden"],
    [/ \(filtered from ([\d,]+) total entries\)$/, " (de $1)"],
  ],
};

export function stringsFor(language) {
  return STRINGS[language] ?? STRINGS.en;
}

/** Returns what to say instead of a text, or label, of the library; the same for any other. */
export function translator(language, ofLabels = false) {
  const shown = REPLACED[language] ?? REPLACED.en;
  const words = ofLabels ? { ...shown, ...(LABELS[language] ?? LABELS.en) } : shown;
  const patterns = PATTERNS[language] ?? PATTERNS.en;
  return (text) =>
    words[text] ?? patterns.reduce((said, [pattern, into]) => said.replace(pattern, into), text);
}
