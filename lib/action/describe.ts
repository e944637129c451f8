/** Describes the actions as data and as JSON Schema, for the command line, the reference and editors. */
import * as z from 'zod/mini';
import type { AnyAction } from './action.ts';

export interface DescribedOption {
  readonly name: string;
  /** `string`, `integer`, `boolean`, ...; each may be given as text too. */
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
  readonly allowed: readonly unknown[] | null;
}

export interface DescribedAction {
  readonly name: string;
  readonly description: string;
  readonly positions: readonly string[];
  readonly options: readonly DescribedOption[];
}

interface OptionSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly OptionSchema[];
}

interface OptionsSchema {
  readonly properties?: Readonly<Record<string, OptionSchema>>;
  readonly required?: readonly string[];
}

export function describeActions(actions: readonly AnyAction[]): DescribedAction[] {
  return actions.map(({ name, description, positions, options }) => {
    const { properties = {}, required = [] } = optionsSchema(options);
    const described = Object.entries(properties).map(([option, schema]) => ({
      name: option,
      type: typeOf(schema),
      required: required.includes(option),
      description: schema.description ?? '',
      allowed: allowedOf(schema),
    }));
    return { name, description, positions, options: described };
  });
}

function typeOf({ type, enum: values = [], anyOf = [] }: OptionSchema): string {
  if (values.includes(true)) return 'boolean';
  const [first] = [type].flat();
  return first ?? [...new Set(anyOf.map(typeOf))].join(' or ');
}

/** Describes a boolean by true and false only, not by all texts that are accepted for them. */
function allowedOf({ enum: values }: OptionSchema): readonly unknown[] | null {
  if (values === undefined) return null;
  return values.includes(true) ? [true, false] : values;
}

/** The JSON Schema of `{action, options}`, with the options of each action. */
export function actionSchema(actions: readonly AnyAction[]): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: "A definition's action and options",
    type: 'object',
    oneOf: actions.map(({ name, description, example, options }) => ({
      title: name,
      description,
      properties: {
        action: { const: name },
        options: { ...optionsSchema(options), ...(example === undefined ? {} : { examples: [example] }) },
      },
      required: ['action'],
    })),
  };
}

function optionsSchema(options: AnyAction['options']): OptionsSchema & Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(options, {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
  });
  return schema as OptionsSchema & Record<string, unknown>;
}
