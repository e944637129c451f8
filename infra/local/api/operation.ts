/** An operation of an AWS API: takes the JSON of the request, and answers with JSON or refuses as AWS does. */
import type { Json } from '../json.ts';

export type Operation = (input: Json) => Json;
export type Operations = Readonly<Record<string, Operation>>;

/** A refusal with the name that AWS gives it: `ValidationException`. */
export class AwsRefusal extends Error {
  override readonly name = 'Refusal';
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

/** The bytes of a blob member. */
export function blob(input: Json, name: string): Buffer {
  const value = input[name];
  if (typeof value !== 'string') throw missing(name);
  return Buffer.from(value, 'base64');
}

/** A text member that is required. */
export function required(input: Json, name: string): string {
  const value = input[name];
  if (typeof value !== 'string' || value === '') throw missing(name);
  return value;
}

function missing(name: string): AwsRefusal {
  const member = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  return new AwsRefusal(
    'ValidationException',
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}
