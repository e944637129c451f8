/** The three contracts as JSON Schema and as TypeScript: the auth event, the definition and the outcome. */
import * as z from 'zod/mini';
import { actions } from '../../lib/action/catalogue.ts';
import { actionSchema } from '../../lib/action/describe.ts';
import { PRIVACYIDEA_EVENTS } from '../../lib/definition/event-names.ts';
import { conditionsSchema, definitionsSchema } from '../../lib/definition/schema.ts';
import { BulkSummarySchema, OutcomeSchema } from '../../lib/event/outcome-schema.ts';
import { DescribedEnvelope } from './auth-event-fields.ts';
import { type JsonSchema, jsonSchema } from './json-schema.ts';
import { declaration } from './typescript.ts';

/** The event as a sender writes it: the bus adds id and time. */
export const authEvent: JsonSchema = {
  title: 'Auth event',
  description: 'What an authentication system puts on the bus.',
  ...jsonSchema(z.partial(DescribedEnvelope, { id: true, time: true }), 'input'),
};
export const outcome: JsonSchema = {
  title: 'Outcome',
  description: 'The result of one step: the detail of token.action.done, token.action.skipped and token.action.failed.',
  ...jsonSchema(OutcomeSchema, 'output'),
};
export const bulkSummary: JsonSchema = {
  title: 'Bulk summary',
  description: 'The result of a definition on all tokens of a state: the detail of token.action.bulk.',
  ...jsonSchema(BulkSummarySchema, 'output'),
};

export const definitionFields = fieldsOf(definitionsSchema());

function fieldsOf(schema: unknown): Readonly<Record<string, JsonSchema>> {
  const { $defs } = schema as { readonly $defs: { readonly definition: { readonly then: JsonSchema } } };
  return $defs.definition.then.properties ?? {};
}

/** Every field of a definition except the action and its options, which are typed together. */
const { action: _action, options: _options, ...commonFields } = definitionFields;

/** Makes the JSON Schemas, by file name. */
export const schemas: Readonly<Record<string, object>> = {
  'auth-event': { $schema: 'https://json-schema.org/draft/2020-12/schema', ...authEvent },
  definitions: definitionsSchema(),
  outcome: { $schema: 'https://json-schema.org/draft/2020-12/schema', ...outcome },
  'bulk-summary': { $schema: 'https://json-schema.org/draft/2020-12/schema', ...bulkSummary },
};

/** Makes the TypeScript of the contracts. */
export function contractTypes(): string {
  return [
    '// Made from the schemas by "npm run reference".',
    declaration('AuthEvent', authEvent),
    declaration('Outcome', outcome),
    declaration('BulkSummary', bulkSummary),
    '/** An event handler definition. */\nexport type Definition = DefinitionFields & Action;',
    declaration('EventName', { anyOf: [{ enum: PRIVACYIDEA_EVENTS }, { type: 'string' }] }),
    declaration('DefinitionFields', {
      type: 'object',
      properties: { ...commonFields, event: { ...commonFields.event, anyOf: eventNames } },
      required: ['event'],
    }),
    declaration('Conditions', { description: 'All of them must hold.', ...(conditionsSchema() as JsonSchema) }),
    declaration('Action', { description: 'An action with its options.', ...actionUnion() }),
  ].join('\n\n');
}

const eventName = { $ref: 'EventName' };
const eventNames = [eventName, { type: 'array', items: eventName }];

function actionUnion(): JsonSchema {
  const { oneOf } = actionSchema(actions) as { readonly oneOf: readonly JsonSchema[] };
  return { oneOf: oneOf.map((one) => ({ type: 'object', ...one, required: requiredOf(one) })) };
}

function requiredOf({ properties = {} }: JsonSchema): string[] {
  return (properties.options?.required ?? []).length > 0 ? ['action', 'options'] : ['action'];
}
