/**
 * Finds the definitions of one event that its words do not rule out, in a time that grows with what can match and
 * not with how many definitions there are. They are sorted by one facet after the other, as into drawers: one drawer
 * for each word, and one for those that do not look at the facet. A drawer is sorted further when an event first opens
 * it, so what no event asks for costs nothing. An event that does not say a facet's word passes to the next facet.
 */
import { type EventWords, FACETS, type Facet } from '../condition/facet.ts';

/** A definition and its place in the order of definitions. */
interface Ranked<T> {
  readonly rank: number;
  readonly definition: T;
}

interface Drawer<T> {
  readonly members: readonly Ranked<T>[];
  /** By which it can still be sorted, the next one first. */
  readonly facets: readonly Facet[];
  sorted?: Sorted<T>;
  /** The same members for events that do not say the next facet's word. */
  unsorted?: Drawer<T>;
}

interface Sorted<T> {
  readonly byWord: ReadonlyMap<string, Drawer<T>>;
  /** Those that every word leaves in. */
  readonly others: Drawer<T>;
}

/** The words of a facet with which a definition may match; `null` where it takes any. */
type Accepts<T> = (definition: T, facet: Facet) => readonly string[] | null;

export interface WordIndex<T> {
  /** In order. Some may turn out not to match, none that matches is left out. */
  find(words: EventWords): readonly T[];
}

/**
 * @param definitions of one event and position, in order
 * @param facets those at which any of them looks
 */
export function wordIndex<T>(
  definitions: readonly T[],
  facets: ReadonlySet<string>,
  accepts: Accepts<T>,
): WordIndex<T> {
  const all: Drawer<T> = {
    members: definitions.map((definition, rank) => ({ rank, definition })),
    facets: FACETS.filter((facet) => facets.has(facet)),
  };
  return {
    find(words) {
      const found = [...open(all, words, accepts)].sort((a, b) => a.rank - b.rank);
      // One that accepts two of the words which an event may say is found twice.
      return found.filter((one, i) => one !== found[i - 1]).map(({ definition }) => definition);
    },
  };
}

function open<T>(drawer: Drawer<T>, words: EventWords, accepts: Accepts<T>): readonly Ranked<T>[] {
  const [facet, ...facets] = drawer.facets;
  if (facet === undefined || drawer.members.length === 0) return drawer.members;
  const said = words[facet];
  if (said === undefined) {
    drawer.unsorted ??= { members: drawer.members, facets };
    return open(drawer.unsorted, words, accepts);
  }
  drawer.sorted ??= sort(drawer.members, facet, facets, accepts);
  const { byWord, others } = drawer.sorted;
  const drawers = said.flatMap((one) => byWord.get(one) ?? []);
  return [others, ...drawers].flatMap((one) => open(one, words, accepts));
}

function sort<T>(
  members: readonly Ranked<T>[],
  facet: Facet,
  facets: readonly Facet[],
  accepts: Accepts<T>,
): Sorted<T> {
  const byWord = new Map<string, Drawer<T> & { members: Ranked<T>[] }>();
  const others: Ranked<T>[] = [];
  for (const member of members) {
    const words = accepts(member.definition, facet);
    if (words === null) others.push(member);
    else {
      for (const one of words) {
        const drawer = byWord.get(one);
        if (drawer) drawer.members.push(member);
        else byWord.set(one, { members: [member], facets });
      }
    }
  }
  return { byWord, others: { members: others, facets } };
}
