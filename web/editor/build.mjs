// Builds dist/: editor.js (with the licences of what is in it) and editor.css.

import { build } from "esbuild";
import { mkdir, readFile, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const modules = join(here, "node_modules");
const bundle = join(modules, "@zazuko/yasgui/build/yasgui.esm.js");

// Packages that come without the text of their licence; it is that of their repositories.
const LICENCES = { "@zazuko/": "yasgui.txt", "@json2csv/": "json2csv.txt" };

// What the content security policy of the page forbids (a style element and a style attribute),
// and a list of a thousand prefixes that are not ours. Each must be found, and as often as said.
const PATCHES = [
  [/(?<="createStyle", \(function\(e, n\) \{)/g, "return;", 1],
  [/<strong style='text-decoration:underline'>/g, "<strong>", 1],
  [/, madsrdf = "[^{}]*, prefixes_default = \{[^{}]*\}/g, ", prefixes_default = {}", 1],
];

const patched = {
  name: "patched",
  setup({ onLoad }) {
    onLoad({ filter: /yasgui\.esm\.js$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const [pattern, replacement, expected] of PATCHES) {
        const found = contents.match(pattern)?.length ?? 0;
        if (found !== expected) throw new Error(`${pattern}: ${found} times, expected ${expected}`);
        contents = contents.replace(pattern, replacement);
      }
      return { contents, loader: "js" };
    });
  },
};

/** The packages in the bundle of yasgui, which is itself made of packages: its map names them. */
async function packagesIn(map) {
  const { sources } = JSON.parse(await readFile(map, "utf8"));
  const names = sources.map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]);
  return [...new Set(["@zazuko/yasgui", ...names.filter(Boolean)])].sort();
}

async function licenceOf(name) {
  const folder = join(modules, name);
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const own = (await readdir(folder)).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  const kept = Object.entries(LICENCES).find(([prefix]) => name.startsWith(prefix))?.[1];
  if (!own && !kept) throw new Error(`${name} comes without a licence: it may not go into the page.`);
  const file = own ? join(folder, own) : join(here, "licences", kept);
  const text = (await readFile(file, "utf8")).replaceAll("\r\n", "\n").trim();
  return `${name} ${version}\n\n${text.replaceAll("*/", "* /")}`;
}

await rm(dist, { force: true, recursive: true });
await mkdir(dist);
const licences = await Promise.all((await packagesIn(`${bundle}.map`)).map(licenceOf));
const banner = `/*! This file contains:\n\n${licences.join("\n\n")}\n*/`;
await build({
  absWorkingDir: here,
  banner: { js: banner, css: banner },
  bundle: true,
  charset: "utf8",
  entryPoints: { editor: "src/main.js" },
  format: "iife",
  legalComments: "none",
  minify: true,
  outdir: "dist",
  plugins: [patched],
  target: ["es2022"],
});
