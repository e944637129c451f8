/**
 * Finds the definitions of one event that its words do not rule out, in a time that grows with what can match and
 * not with how many definitions there are. Definitions that look at the same facets form a group; a group is one
 * hash table from the words of these facets to definitions (tuple space search, as packet classifiers do it). An
 * event whose user only its token tells says no realm: then a table without that facet answers, made when first asked.
 */
import { type AcceptedWords, type EventWords, FACETS, type Facet } from '../condition/facet.ts';

/** A definition and its place in the order of definitions. */
interface Ranked<T> {
  readonly rank: number;
  readonly definition: T;
  readonly accepts: AcceptedWords;
}

type Table<T> = ReadonlyMap<string, readonly Ranked<T>[]>;

interface Group<T> {
  readonly facets: readonly Facet[];
  readonly members: Ranked<T>[];
  /** By the facets that an event says, joined. */
  readonly tables: Map<string, Table<T>>;
}

export interface WordIndex<T> {
  /** In order. Some may turn out not to match, none that matches is left out. */
  find(words: EventWords): readonly T[];
}

/** @param definitions of one event and position, in order */
export function wordIndex<T>(definitions: readonly T[], acceptedBy: (definition: T) => AcceptedWords): WordIndex<T> {
  const groups = new Map<string, Group<T>>();
  for (const [rank, definition] of definitions.entries()) {
    const accepts = acceptedBy(definition);
    const facets = FACETS.filter((facet) => accepts[facet] !== undefined);
    const name = facets.join();
    const group: Group<T> = groups.get(name) ?? { facets, members: [], tables: new Map() };
    group.members.push({ rank, definition, accepts });
    groups.set(name, group);
  }
  const all = [...groups.values()];
  return {
    find(words) {
      const found = all.flatMap((group) => findInGroup(group, words)).sort((a, b) => a.rank - b.rank);
      // One that accepts two of the words which an event may say is found twice.
      return found.filter((one, i) => one !== found[i - 1]).map(({ definition }) => definition);
    },
  };
}

function findInGroup<T>(group: Group<T>, words: EventWords): readonly Ranked<T>[] {
  const known = group.facets.filter((facet) => words[facet] !== undefined);
  if (known.length === 0) return group.members;
  const name = known.join();
  const table = group.tables.get(name) ?? makeTable(group.members, known);
  group.tables.set(name, table);
  return combinations(known.map((facet) => words[facet] ?? [])).flatMap((key) => table.get(key) ?? []);
}

function makeTable<T>(members: readonly Ranked<T>[], facets: readonly Facet[]): Table<T> {
  const table = new Map<string, Ranked<T>[]>();
  for (const member of members) {
    for (const key of combinations(facets.map((facet) => member.accepts[facet] ?? []))) {
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
