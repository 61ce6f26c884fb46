// Builds dist/: explorer.js (with the licences of what is in it), explorer.css and page.html.

import { build } from "esbuild";
import { copyFile, mkdir, readFile, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");

async function licenceOf(name) {
  const folder = join(here, "node_modules", name);
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} comes without a licence file: it may not go into the page.`);
  const text = (await readFile(join(folder, file), "utf8")).replaceAll("\r\n", "\n").trim();
  return `${name} ${version}\n\n${text.replaceAll("*/", "* /")}`;
}

async function packagesIn(entry) {
  const { metafile } = await build({
    absWorkingDir: here,
    bundle: true,
    entryPoints: [entry],
    format: "iife",
    metafile: true,
    write: false,
  });
  const names = Object.keys(metafile.inputs).map(
    (path) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1],
  );
  return [...new Set(names.filter(Boolean))].sort();
}

await rm(dist, { force: true, recursive: true });
await mkdir(dist);
const licences = await Promise.all((await packagesIn("src/main.js")).map(licenceOf));
const shared = {
  absWorkingDir: here,
  bundle: true,
  charset: "utf8",
  legalComments: "none",
  minify: true,
  target: ["es2022"],
};
await build({
  ...shared,
  banner: { js: `/*! This page contains:\n\n${licences.join("\n\n")}\n*/` },
  entryPoints: ["src/main.js"],
  format: "iife",
  outfile: "dist/explorer.js",
});
await build({ ...shared, entryPoints: ["src/style.css"], outfile: "dist/explorer.css" });
await copyFile(join(here, "src/page.html"), join(dist, "page.html"));
