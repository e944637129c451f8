export function definitionsSchema(): Record<string, unknown> {
  return {};
}
