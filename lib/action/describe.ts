/** The catalogue of actions as data and as JSON Schema: the command line, the reference and editors read it. */
import * as z from 'zod/mini';
import type { AnyAction } from './action.ts';

export interface DescribedOption {
  readonly name: string;
  readonly type: string | readonly string[];
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
      type: schema.type ?? (schema.anyOf?.map(({ type }) => type).join(' or ') || 'any'),
      required: required.includes(option),
      description: schema.description ?? '',
      allowed: schema.enum ?? null,
    }));
    return { name, description, positions, options: described };
  });
}

/** A schema of `{action, options}`: which options belong to which action. */
export function actionSchema(actions: readonly AnyAction[]): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: "A definition's action and options",
    type: 'object',
    oneOf: actions.map(({ name, description, options }) => ({
      title: name,
      description,
      properties: { action: { const: name }, options: optionsSchema(options) },
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
