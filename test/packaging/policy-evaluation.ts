/**
 * Decides calls as IAM does within one account, for the operators that our policies use: any Deny refuses, an Allow in the
 * caller's policies or on the resource suffices, and without an Allow the call is refused. An unknown operator throws, since
 * a condition that was not evaluated must not count as one that holds.
 */
import * as z from 'zod';

const Texts = z.pipe(
  z.union([z.string(), z.array(z.unknown())]),
  z.transform((value) => [value].flat().map(nameOf)),
);
const Conditions = z.record(
  z.string(),
  z.record(
    z.string(),
    z.pipe(
      z.unknown(),
      z.transform((value) => [value].flat().map(nameOf)),
    ),
  ),
);

export const PolicyStatement = z.looseObject({
  Effect: z.enum(['Allow', 'Deny']),
  Action: Texts,
  Resource: z.pipe(
    z.unknown(),
    z.transform((value) => [value].flat().map(nameOf)),
  ),
  Condition: z.optional(Conditions),
});
export type PolicyStatement = z.output<typeof PolicyStatement>;

/** Returns a text for a reference, which has no value before deployment: `Bus.Arn`, `TokensTable.Arn/index/owner`. */
function nameOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const {
    Ref,
    'Fn::GetAtt': attribute,
    'Fn::Sub': text,
  } = z
    .looseObject({
      Ref: z.optional(z.string()),
      'Fn::GetAtt': z.optional(z.array(z.string())),
      'Fn::Sub': z.optional(z.string()),
    })
    .parse(value);
  return Ref ?? attribute?.join('.') ?? String(text).replaceAll(/\$\{([^}]+)\}/g, '$1');
}

export interface Call {
  readonly action: string;
  readonly resource: string;
  /** Each key's values; a key that is absent is not in the request. */
  readonly context: Readonly<Record<string, readonly string[]>>;
}

export type Decision = 'allowed' | 'explicitly denied' | 'not allowed';

/** @param identity the caller's own statements @param onResource those of the resource's policy */
export function decide(
  call: Call,
  identity: readonly PolicyStatement[],
  onResource: readonly PolicyStatement[],
): Decision {
  const applying = [...identity, ...onResource].filter((statement) => applies(statement, call));
  if (applying.some(({ Effect }) => Effect === 'Deny')) return 'explicitly denied';
  return applying.some(({ Effect }) => Effect === 'Allow') ? 'allowed' : 'not allowed';
}

function applies({ Action, Resource, Condition = {} }: PolicyStatement, { action, resource, context }: Call): boolean {
  return (
    Action.some((pattern) => like(action, pattern)) &&
    Resource.some((pattern) => like(resource, pattern)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, context[key], wanted)),
    )
  );
}

const SINGLE: Readonly<Record<string, (value: string, wanted: readonly string[]) => boolean>> = {
  StringEquals: (value, wanted) => wanted.includes(value),
  StringNotEquals: (value, wanted) => !wanted.includes(value),
  StringLike: (value, wanted) => wanted.some((pattern) => like(value, pattern)),
  ArnEquals: (value, wanted) => wanted.some((pattern) => like(value, pattern)),
  ArnNotEquals: (value, wanted) => !wanted.some((pattern) => like(value, pattern)),
};

function holds(operator: string, values: readonly string[] | undefined, wanted: readonly string[]): boolean {
  if (operator === 'Null') return wanted.includes(String(values === undefined));
  const [quantifier, name] = operator.includes(':') ? operator.split(':') : ['', operator];
  const compare = SINGLE[name ?? ''];
  if (compare === undefined) throw new Error(`the operator ${operator} is not known here`);
  if (quantifier === 'ForAnyValue') return (values ?? []).some((value) => compare(value, wanted));
  if (quantifier === 'ForAllValues') return (values ?? []).every((value) => compare(value, wanted));
  if (quantifier !== '') throw new Error(`the operator ${operator} is not known here`);
  if (values === undefined) return (name ?? '').includes('Not');
  if (values.length > 1) throw new Error(`${operator} compares one value, and the request has ${values.length}`);
  return values.every((value) => compare(value, wanted));
}

function like(text: string, pattern: string): boolean {
  const source = pattern.replaceAll(/[\\^$.*+?()[\]{}|]/g, (char) => (char === '*' ? '.*' : `\\${char}`));
  return new RegExp(`^${source}$`, 's').test(text);
}
