/** Finds the actions and resources of a policy that are `*` alone: "everything there is". */

/** A statement of a policy, as far as this looks at it. */
export interface PolicyStatement {
  readonly Action?: unknown;
  readonly Resource?: unknown;
}

/** Each finding as `Action *` or `Resource *`; a wildcard within a name (`...:log-group:x:*`) is none. */
export function wildcardsAlone(statements: readonly PolicyStatement[]): string[] {
  return statements.flatMap(({ Action, Resource }) => [
    ...[Action]
      .flat()
      .filter(isWildcard)
      .map(() => 'Action *'),
    ...[Resource]
      .flat()
      .filter(isWildcard)
      .map(() => 'Resource *'),
  ]);
}

function isWildcard(value: unknown): boolean {
  return value === '*' || (typeof value === 'string' && /^\w+:\*$/.test(value)) || isWildcardSub(value);
}

function isWildcardSub(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'Fn::Sub' in value && value['Fn::Sub'] === '*';
}
