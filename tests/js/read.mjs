// Reads network files with readers other than govgraph's: node read.mjs FILE... prints a JSON
// array with, for each file, nodes {id: attributes} and edges [source, target, directed, attributes].
import {readFileSync} from 'node:fs';
import {extname} from 'node:path';
import {MultiGraph} from 'graphology';
import gexf from 'graphology-gexf';
import graphml from 'graphology-graphml';

function graphology(graph) {
  const nodes = {};
  graph.forEachNode((id, attributes) => { nodes[id] = attributes; });
  const edges = graph.mapEdges((id, attributes, source, target, from, to, undirected) =>
    [source, target, !undirected, attributes]);
  return {nodes, edges};
}

const readers = {
  '.gexf': text => graphology(gexf.parse(MultiGraph, text)),
  '.graphml': text => graphology(graphml.parse(MultiGraph, text, {addMissingNodes: false})),
};

const found = process.argv.slice(2).map(file =>
  readers[extname(file)](readFileSync(file, 'utf8')));
// JSON has no NaN and no infinity.
process.stdout.write(JSON.stringify(found, (key, value) =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value));
