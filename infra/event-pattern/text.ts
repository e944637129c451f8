/** Comparisons of texts: with wildcards, and without regard to case. */

/** Compiles a wildcard: `*` is any text, `\*` an asterisk, `\\` a backslash; undefined where EventBridge refuses it. */
export function wildcard(pattern: string): RegExp | undefined {
  if (/^(?:[^*\\]|\\[*\\]|\*(?!\*))*$/su.test(pattern) === false) return undefined;
  const source = pattern.replace(/\\[*\\]|\*|[^*\\]/gsu, (part) => {
    if (part === '*') return '.*';
    return escapeCharacter(part.length === 2 && part.startsWith('\\') ? part.slice(1) : part);
  });
  return new RegExp(`^${source}$`, 'su');
}

/** Where in the value the text must stand. */
export type TextPosition = 'whole' | 'start' | 'end';

/**
 * Compiles a comparison without regard to case. Only the pattern's characters are varied: each stands for itself in
 * lower and in upper case. So `straße` matches `STRASSE`, and `STRASSE` does not match `straße`.
 *
 * `open` reproduces a fault of AWS's engine (measured): the engine shares states between the entries of one field, and
 * where an earlier `wildcard` has already reached its `*`, the first character that is compared without regard to case
 * is lost in it. That character then matches any text of at least one character.
 *
 * @param open whether an earlier wildcard of the field has reached its `*` after the text `before`
 */
export function ignoringCase(text: string, position: TextPosition, open: (before: string) => boolean): RegExp {
  const characters = [...text];
  const order = position === 'end' ? characters.toReversed() : characters;
  const lost = order.findIndex((_, index) => open(order.slice(0, index).join('')));
  const sources = order.map((character, index) => (index === lost ? '.+' : eitherCase(character)));
  const source = (position === 'end' ? sources.toReversed() : sources).join('');
  return new RegExp(`${position === 'end' ? '' : '^'}${source}${position === 'start' ? '' : '$'}`, 'su');
}

function eitherCase(character: string): string {
  const variants = new Set([character.toLowerCase(), character.toUpperCase()]);
  return `(?:${[...variants].map(escapeText).join('|')})`;
}

/** The literal text before the first `*` if it has no letters (with letters, the engine keeps the entries apart). */
export function openingOf(pattern: string): string | undefined {
  const [, literal] = /^((?:[^*\\]|\\[*\\])*)\*/su.exec(pattern) ?? [];
  const opening = literal?.replace(/\\(.)/gsu, '$1');
  return opening?.toLowerCase() === opening?.toUpperCase() ? opening : undefined;
}

function escapeText(text: string): string {
  return [...text].map(escapeCharacter).join('');
}

function escapeCharacter(character: string): string {
  return /[$()*+./?[\\\]^{|}]/.test(character) ? `\\${character}` : character;
}
