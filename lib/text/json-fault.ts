/**
 * What is wrong with a text that is no JSON, in the parser's words and without what stands there: where it names no
 * place, it quotes the text around the fault, which may be a secret that somebody forgot to quote.
 */
export function jsonFault(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.endsWith('is not valid JSON') ? 'something stands there that is no value' : words;
}
