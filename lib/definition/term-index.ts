/**
 * Finds the definitions of one event that its terms do not rule out. The time grows with the definitions that can match,
 * not with how many there are. The index is a tree: each level sorts by one field, into one node for each term and one
 * for the definitions that do not look at the field. A node is sorted when an event first reaches it, so a part that no
 * event asks for costs nothing. An event without a term for a field goes on to the next field.
 */
import { type EventTerms, TERM_FIELDS, type TermField } from '../condition/index-terms.ts';

/** Definitions, each by its place in their order. */
interface Node {
  readonly places: readonly number[];
  /** By which it can still be sorted, the next one first. */
  readonly fields: readonly TermField[];
  sorted?: Sorted;
  /** The same for events that do not say the next field's term. */
  unsorted?: Node;
}

interface Sorted {
  readonly byTerm: ReadonlyMap<string, Node>;
  /** Those that every term leaves in. */
  readonly others: Node;
}

/** The terms of a field with which the definition at a place may match; `null` where it takes any. */
type Accepts = (place: number, field: TermField) => readonly string[] | null;

export interface TermIndex<T> {
  /** In order. Some may turn out not to match, none that matches is left out. */
  find(terms: EventTerms): readonly T[];
}

/**
 * @param definitions of one event and position, in order
 * @param fields those at which any of them looks
 * @param acceptedBy the terms of a field with which a definition may match; `null` where it takes any
 */
export function termIndex<T>(
  definitions: readonly T[],
  fields: ReadonlySet<string>,
  acceptedBy: (definition: T, field: TermField) => readonly string[] | null,
): TermIndex<T> {
  const all: Node = { places: [...definitions.keys()], fields: TERM_FIELDS.filter((field) => fields.has(field)) };
  const accepts: Accepts = (place, field) => {
    const definition = definitions[place];
    return definition === undefined ? null : acceptedBy(definition, field);
  };
  return {
    find(terms) {
      const found = [...open(all, terms, accepts)].sort((a, b) => a - b);
      // One that accepts two of the terms which an event may say is found twice.
      return found.flatMap((place, i) => (place === found[i - 1] ? [] : (definitions[place] ?? [])));
    },
  };
}

function open(node: Node, terms: EventTerms, accepts: Accepts): readonly number[] {
  const [field, ...fields] = node.fields;
  if (field === undefined || node.places.length === 0) return node.places;
  const said = terms[field];
  if (said === undefined) {
    node.unsorted ??= { places: node.places, fields };
    return open(node.unsorted, terms, accepts);
  }
  node.sorted ??= sort(node.places, field, fields, accepts);
  const { byTerm, others } = node.sorted;
  const nodes = said.flatMap((one) => byTerm.get(one) ?? []);
  return [others, ...nodes].flatMap((one) => open(one, terms, accepts));
}

function sort(places: readonly number[], field: TermField, fields: readonly TermField[], accepts: Accepts): Sorted {
  const byTerm = new Map<string, Node & { places: number[] }>();
  const others: number[] = [];
  for (const place of places) {
    const terms = accepts(place, field);
    if (terms === null) others.push(place);
    else {
      for (const one of terms) {
        const node = byTerm.get(one);
        if (node) node.places.push(place);
        else byTerm.set(one, { places: [place], fields });
      }
    }
  }
  return { byTerm, others: { places: others, fields } };
}
