// Frames JSON-LD with jsonld.js: node frame.mjs FILE CONTEXT CLASS prints what is of the class, in
// the words of the context. Nothing is fetched: both are files.
import {readFileSync} from 'node:fs';
import jsonld from 'jsonld';

const [file, context, type] = process.argv.slice(2);
const read = path => JSON.parse(readFileSync(path, 'utf8'));
const nodes = read(file).flatMap(node => node['@graph'] ?? [node]);
const framed = await jsonld.frame(nodes, {...read(context), '@type': type}, {
  embed: '@never', omitGraph: false,
});
process.stdout.write(JSON.stringify(framed.says));  // as the context calls `@graph`
