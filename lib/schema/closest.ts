/** Suggests names for misspelt ones ("did you mean ...?"), by edit distance. */

/** Finds the closest name; `undefined` if none is close enough to be a typing error. */
export function closest(input: string, names: readonly string[]): string | undefined {
  const ranked = names
    // Compares lengths first, which limits the work for an input of megabytes.
    .filter((name) => Math.abs(simplified(name).length - simplified(input).length) <= tolerance(name))
    .map((name) => ({ name, distance: editDistance(simplified(input), simplified(name)) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= tolerance(best.name) ? best.name : undefined;
}

/** Returns how many characters of a name may be wrong. */
const tolerance = (name: string): number => Math.max(1, Math.floor(name.length / 3));

/** Makes the end of a message: `; did you mean "x"?`, or nothing if no name is close enough. */
export function didYouMean(input: string, names: readonly string[]): string {
  const name = closest(input, names);
  return name === undefined ? '' : `; did you mean "${name}"?`;
}

/** Removes case, spaces, dashes and underscores, which are easily left out. */
function simplified(name: string): string {
  return name.toLowerCase().replaceAll(/[ _-]/g, '');
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substituted));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
