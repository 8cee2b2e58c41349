// Answers for fuse.js, minisearch and uFuzzy: one JSON line in, one out. Started with the folder that holds node_modules.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const load = createRequire(join(process.argv[2], 'package.json'));
const module = (name) => { const found = load(name); return found.default ?? found; };
const Fuse = module('fuse.js');
const MiniSearch = module('minisearch');
const UFuzzy = module('@leeoniya/ufuzzy');

const makers = {
  // Ignoring the place of a match is what its documentation advises for names.
  'fuse.js': (names) => {
    const fuse = new Fuse(names, { includeScore: true, ignoreLocation: true, threshold: 0.6 });
    return (text) => { const [best] = fuse.search(text, { limit: 1 }); return best ? [best.refIndex, 1 - best.score] : null; };
  },
  'minisearch': (names) => {
    const search = new MiniSearch({ fields: ['name'] });
    search.addAll(names.map((name, id) => ({ id, name })));
    return (text) => { const [best] = search.search(text, { fuzzy: 0.2, prefix: true }); return best ? [best.id, best.score] : null; };
  },
  'ufuzzy': (names) => {
    const search = new UFuzzy({ intraMode: 1 });
    return (text) => {
      const [ids, info, order] = search.search(names, text, 1, 1000);
      if (!ids || ids.length === 0) return null;
      return order ? [info.idx[order[0]], 1] : [ids[0], 0.5];
    };
  },
};

let find = null;
for await (const line of createInterface({ input: process.stdin })) {
  const { maker, names, text } = JSON.parse(line);
  if (maker) {
    find = makers[maker](names);
    console.log(JSON.stringify({ ready: maker }));
    continue;
  }
  const started = performance.now();
  let found = null;
  try { found = find(text); } catch { /* A text that a peer cannot read has no answer. */ }
  const microseconds = (performance.now() - started) * 1000;
  console.log(JSON.stringify({ index: found?.[0] ?? -1, score: found?.[1] ?? 0, microseconds }));
}
