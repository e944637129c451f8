/**
 * Finds the definitions of one event that its words do not rule out, in a time that grows with what can match and
 * not with how many definitions there are. They are sorted by one facet after the other, as into drawers: one drawer
 * for each word, and one for those that do not look at the facet. A drawer is sorted further when an event first opens
 * it, so what no event asks for costs nothing. An event that does not say a facet's word passes to the next facet.
 */
import { type EventWords, FACETS, type Facet } from '../condition/index-terms.ts';

/** Definitions, each by its place in their order. */
interface Drawer {
  readonly places: readonly number[];
  /** By which it can still be sorted, the next one first. */
  readonly facets: readonly Facet[];
  sorted?: Sorted;
  /** The same for events that do not say the next facet's word. */
  unsorted?: Drawer;
}

interface Sorted {
  readonly byWord: ReadonlyMap<string, Drawer>;
  /** Those that every word leaves in. */
  readonly others: Drawer;
}

/** The words of a facet with which the definition at a place may match; `null` where it takes any. */
type Accepts = (place: number, facet: Facet) => readonly string[] | null;

export interface WordIndex<T> {
  /** In order. Some may turn out not to match, none that matches is left out. */
  find(words: EventWords): readonly T[];
}

/**
 * @param definitions of one event and position, in order
 * @param facets those at which any of them looks
 * @param acceptedBy the words of a facet with which a definition may match; `null` where it takes any
 */
export function wordIndex<T>(
  definitions: readonly T[],
  facets: ReadonlySet<string>,
  acceptedBy: (definition: T, facet: Facet) => readonly string[] | null,
): WordIndex<T> {
  const all: Drawer = { places: [...definitions.keys()], facets: FACETS.filter((facet) => facets.has(facet)) };
  const accepts: Accepts = (place, facet) => {
    const definition = definitions[place];
    return definition === undefined ? null : acceptedBy(definition, facet);
  };
  return {
    find(words) {
      const found = [...open(all, words, accepts)].sort((a, b) => a - b);
      // One that accepts two of the words which an event may say is found twice.
      return found.flatMap((place, i) => (place === found[i - 1] ? [] : (definitions[place] ?? [])));
    },
  };
}

function open(drawer: Drawer, words: EventWords, accepts: Accepts): readonly number[] {
  const [facet, ...facets] = drawer.facets;
  if (facet === undefined || drawer.places.length === 0) return drawer.places;
  const said = words[facet];
  if (said === undefined) {
    drawer.unsorted ??= { places: drawer.places, facets };
    return open(drawer.unsorted, words, accepts);
  }
  drawer.sorted ??= sort(drawer.places, facet, facets, accepts);
  const { byWord, others } = drawer.sorted;
  const drawers = said.flatMap((one) => byWord.get(one) ?? []);
  return [others, ...drawers].flatMap((one) => open(one, words, accepts));
}

function sort(places: readonly number[], facet: Facet, facets: readonly Facet[], accepts: Accepts): Sorted {
  const byWord = new Map<string, Drawer & { places: number[] }>();
  const others: number[] = [];
  for (const place of places) {
    const words = accepts(place, facet);
    if (words === null) others.push(place);
    else {
      for (const one of words) {
        const drawer = byWord.get(one);
        if (drawer) drawer.places.push(place);
        else byWord.set(one, { places: [place], facets });
      }
    }
  }
  return { byWord, others: { places: others, facets } };
}
