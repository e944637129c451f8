/** The comparisons of texts that EventBridge patterns know beside equality. */

/** `*` is any text, `\*` an asterisk, `\\` a backslash; undefined where the pattern is none of EventBridge's. */
export function wildcard(pattern: string): RegExp | undefined {
  if (/^(?:[^*\\]|\\[*\\]|\*(?!\*))*$/su.test(pattern) === false) return undefined;
  const source = pattern.replace(/\\[*\\]|\*|[^*\\]/gsu, (part) => {
    if (part === '*') return '.*';
    return escapeCharacter(part.length === 2 && part.startsWith('\\') ? part.slice(1) : part);
  });
  return new RegExp(`^${source}$`, 'su');
}

/** Where a text without regard to case must stand in the value. */
export type Position = 'whole' | 'start' | 'end';

/**
 * A text without regard to case, from the pattern's side alone: each of its characters stands for itself in lower
 * and in upper case. So `straße` takes `STRASSE`, and `STRASSE` doesn't take `straße`.
 *
 * `open` is a fault of AWS's engine, measured and kept: it shares states between the entries of one field, and where
 * an earlier `wildcard` is already in its `*`, the first character compared without regard to case is lost in it. That
 * character then stands for any characters, at least one.
 */
export function ignoringCase(text: string, position: Position, open: (before: string) => boolean): RegExp {
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

/** The literal text in front of the first `*`, where it has no letters (else the engine keeps the entries apart). */
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
