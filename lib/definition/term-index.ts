/**
 * Finds the definitions of one event that its terms do not exclude. The time grows with the definitions that can match,
 * not with their total number. The index is a tree. Each level sorts by one field: into a node for each term, and one for
 * the definitions without a condition on that field. A node is sorted when an event first reaches it. An event without a
 * term for a field skips that level.
 */
import { type EventTerms, TERM_FIELDS, type TermField } from '../condition/index-terms.ts';

/** A node of the tree; definitions are named by their place in the order. */
interface Node {
  readonly places: readonly number[];
  sorted?: Sorted;
  /** The node for events without a term of the level's field. */
  unsorted?: Node;
}

interface Sorted {
  readonly byTerm: ReadonlyMap<string, Node>;
  /** The definitions without a condition on the field. */
  readonly others: Node;
}

/** Returns the terms of a field with which a definition may match; `null` if any term may. */
type Accepts = (place: number, field: TermField) => readonly string[] | null;

export interface TermIndex<T> {
  /** Finds definitions, in order. All that match are found; some that are found may not match. */
  find(terms: EventTerms): readonly T[];
}

/**
 * Makes the index of the definitions of one event and position.
 *
 * @param definitions in order
 * @param conditions the names of all their conditions
 * @param acceptedBy returns the terms of a field with which a definition may match; `null` if any term may
 */
export function termIndex<T>(
  definitions: readonly T[],
  conditions: ReadonlySet<string>,
  acceptedBy: (definition: T, field: TermField) => readonly string[] | null,
): TermIndex<T> {
  const fields = TERM_FIELDS.filter((field) => conditions.has(field));
  const root: Node = { places: [...definitions.keys()] };
  const accepts: Accepts = (place, field) => {
    const definition = definitions[place];
    return definition === undefined ? null : acceptedBy(definition, field);
  };
  return {
    find(terms) {
      let nodes: readonly Node[] = [root];
      for (const field of fields) {
        const wanted = terms(field);
        nodes = nodes.flatMap((node) => nodesBelow(node, field, wanted, accepts));
      }
      const found = nodes.flatMap(({ places }) => places).sort((a, b) => a - b);
      // A definition that accepts two terms of the event is found twice.
      return found.flatMap((place, i) => (place === found[i - 1] ? [] : (definitions[place] ?? [])));
    },
  };
}

/** Finds the nodes of the next level. @param wanted the event's terms of this level's field */
function nodesBelow(node: Node, field: TermField, wanted: ReturnType<EventTerms>, accepts: Accepts): readonly Node[] {
  if (node.places.length === 0) return [];
  if (wanted === undefined) {
    node.unsorted ??= { places: node.places };
    return [node.unsorted];
  }
  node.sorted ??= sort(node.places, field, accepts);
  const { byTerm, others } = node.sorted;
  return [others, ...wanted.flatMap((one) => byTerm.get(one) ?? [])];
}

/** Sorts the definitions of a node by their terms of one field. */
function sort(places: readonly number[], field: TermField, accepts: Accepts): Sorted {
  const byTerm = new Map<string, Node & { places: number[] }>();
  const others: number[] = [];
  for (const place of places) {
    const terms = accepts(place, field);
    if (terms === null) others.push(place);
    else {
      for (const one of terms) {
        const node = byTerm.get(one);
        if (node) node.places.push(place);
        else byTerm.set(one, { places: [place] });
      }
    }
  }
  return { byTerm, others: { places: others } };
}
