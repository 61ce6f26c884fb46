// Validates with SHACL engines other than govgraph's: node shacl.mjs ENGINE SHAPES DATA... prints
// a JSON array with, for each file of N-Triples, its results: [focus, shape, component, value].
import {readFileSync} from 'node:fs';
import {Parser, Store} from 'n3';
import env from 'rdf-validate-shacl/src/defaultEnv.js';
import SHACLValidator from 'rdf-validate-shacl';
import {Validator} from 'shacl-engine';

const [engine, ...files] = process.argv.slice(2);
const [shapes, ...data] = files.map(file =>
  env.dataset(new Parser().parse(readFileSync(file, 'utf8'))));
const found = [];
const text = part => part?.value ?? part?.term?.value ?? '';
for (const dataset of data) {
  const report = engine === 'shacl-engine'
    ? await new Validator(shapes, {factory: env}).validate({dataset})
    : await new SHACLValidator(shapes, {factory: env}).validate(dataset);
  found.push(report.results.map(result => [
    text(result.focusNode),
    text(result.shape?.ptr ?? result.sourceShape),
    text(result.constraintComponent ?? result.sourceConstraintComponent),
    text(result.value),
  ]));
}
process.stdout.write(JSON.stringify(found));
