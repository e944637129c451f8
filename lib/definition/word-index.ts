/**
 * Finds the definitions of one event that its words do not rule out, in a time that grows with what can match and
 * not with how many definitions there are. Definitions that look at the same facets form a group; a group is one
 * hash table from the words of these facets to definitions (tuple space search, as packet classifiers do it). An
 * event whose user only its token tells says no realm: then a table without that facet answers, made when first asked.
 */
import { type EventWords, FACETS, type Facet } from '../condition/facet.ts';
import type { CompiledDefinition } from './compile.ts';

/** A definition and its place in the order of definitions. */
interface Ranked {
  readonly rank: number;
  readonly compiled: CompiledDefinition;
  readonly accepts: Accepts;
}

type Accepts = ReadonlyMap<Facet, readonly string[]>;
type Table = ReadonlyMap<string, readonly Ranked[]>;

interface Group {
  readonly facets: readonly Facet[];
  readonly members: Ranked[];
  /** By the facets that an event says, joined. */
  readonly tables: Map<string, Table>;
}

export interface WordIndex {
  /** In order. Some may turn out not to match, none that matches is left out. */
  find(words: EventWords): readonly CompiledDefinition[];
}

/** A definition that accepts more combinations of words than these is looked up by fewer facets. */
const MOST_COMBINATIONS = 64;

/** @param definitions of one event and position, in order */
export function wordIndex(definitions: readonly CompiledDefinition[]): WordIndex {
  const groups = new Map<string, Group>();
  for (const [rank, compiled] of definitions.entries()) {
    const accepts = acceptedWords(compiled);
    const facets = FACETS.filter((facet) => accepts.has(facet));
    const group: Group = groups.get(facets.join()) ?? { facets, members: [], tables: new Map() };
    group.members.push({ rank, compiled, accepts });
    groups.set(facets.join(), group);
  }
  const all = [...groups.values()];
  return {
    find(words) {
      const found = all.flatMap((group) => findInGroup(group, words)).sort((a, b) => a.rank - b.rank);
      // One that accepts two of the words which an event may say is found twice.
      return found.filter((one, i) => one !== found[i - 1]).map(({ compiled }) => compiled);
    },
  };
}

function findInGroup(group: Group, words: EventWords): readonly Ranked[] {
  const known = group.facets.filter((facet) => words[facet] !== undefined);
  if (known.length === 0) return group.members;
  const name = known.join();
  const table = group.tables.get(name) ?? makeTable(group.members, known);
  group.tables.set(name, table);
  return combinations(known.map((facet) => words[facet] ?? [])).flatMap((key) => table.get(key) ?? []);
}

function makeTable(members: readonly Ranked[], facets: readonly Facet[]): Table {
  const table = new Map<string, Ranked[]>();
  for (const member of members) {
    for (const key of combinations(facets.map((facet) => member.accepts.get(facet) ?? []))) {
      const there = table.get(key);
      if (there) there.push(member);
      else table.set(key, [member]);
    }
  }
  return table;
}

/** Every choice of one word of each list, as keys. */
function combinations(lists: readonly (readonly string[])[]): string[] {
  return lists.reduce<string[]>((keys, words) => keys.flatMap((key) => words.map((one) => `${key}\n${one}`)), ['']);
}

/** The words with which all clauses can hold, of as many facets as make a bounded number of combinations. */
function acceptedWords({ clauses }: CompiledDefinition): Accepts {
  const accepted = new Map<Facet, readonly string[]>();
  for (const { tests, negated } of clauses) {
    const facet = tests[0]?.accepts?.facet;
    if (negated || facet === undefined || tests.some(({ accepts }) => accepts?.facet !== facet)) continue;
    const words = new Set(tests.flatMap(({ accepts }) => accepts?.words ?? []));
    const before = accepted.get(facet);
    accepted.set(facet, before ? before.filter((one) => words.has(one)) : [...words]);
  }
  const bounded = new Map<Facet, readonly string[]>();
  let combinations = 1;
  for (const [facet, words] of [...accepted].sort(([, a], [, b]) => a.length - b.length)) {
    combinations *= words.length;
    if (combinations <= MOST_COMBINATIONS) bounded.set(facet, words);
  }
  return bounded;
}
