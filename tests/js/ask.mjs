// Asks with Comunica: node ask.mjs QUERY SOURCE... prints JSON: {boolean}, {rows} or {quads}.
// A source that ends in .ttl is a file; any other is a SPARQL endpoint.
import {QueryEngine} from '@comunica/query-sparql';

const [query, ...addresses] = process.argv.slice(2);
const sources = addresses.map((value) => ({type: value.endsWith('.ttl') ? 'file' : 'sparql', value}));
const result = await new QueryEngine().query(query, {sources});
const found = await result.execute();
if (result.resultType === 'boolean') console.log(JSON.stringify({boolean: found}));
else {
  const all = await found.toArray();
  console.log(JSON.stringify(result.resultType === 'bindings'
    ? {rows: all.map((row) => Object.fromEntries([...row].map(([name, term]) => [name.value, term.value])))}
    : {quads: all.map((quad) => [quad.subject.value, quad.predicate.value, quad.object.value])}));
}
