const LONGEST = 60;

/** The beginning of a text, for a message: what people typed may be of any length. */
export function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}
