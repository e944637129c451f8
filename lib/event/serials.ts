/** Serials as events name them: parted by commas, blanks around dropped, doubles once. */
export function splitSerials(text: string): string[] {
  const serials = text.split(',').map((serial) => serial.trim());
  return [...new Set(serials.filter((serial) => serial !== ''))];
}
