/**
 * Makes the JSON Schema of a file of definitions, for editors, from the same schemas as the checks. What JSON Schema cannot
 * express (dates, tags, comparisons) is in the descriptions.
 */
import { actions } from '../action/catalogue.ts';
import { actionSchema } from '../action/describe.ts';
import { conditions as catalogue } from '../condition/catalogue.ts';
import { FLAGS } from '../schema/scalar.ts';
import { INTEGER_PATTERN } from '../text/number.ts';
import { PRIVACYIDEA_EVENTS } from './event-names.ts';
import { TARGETS } from './target.ts';

type Schema = Readonly<Record<string, unknown>>;

const FLAG = { enum: FLAGS };
const INTEGER = { anyOf: [{ type: 'integer' }, { type: 'string', pattern: INTEGER_PATTERN }] };
const NAME = { type: 'string', pattern: '^\\s*[a-z0-9_]{1,128}\\s*$' };
const NAMES = { type: 'string', pattern: '^[a-z0-9_, ]*[a-z0-9_][a-z0-9_, ]*$' };

/** Makes the schema of a list of definitions, of a single one, and of privacyIDEA's `{"event": [...]}`. */
export function definitionsSchema(): Schema {
  const definition = { $ref: '#/$defs/definition' };
  const list = { type: 'array', items: definition };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Event handler definitions of Tokenwright',
    if: { type: 'array' },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: list,
    else: {
      type: 'object',
      if: { required: ['action'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: definition,
      else: {
        properties: { event: list, definitions: list },
        anyOf: [{ required: ['event'] }, { required: ['definitions'] }],
      },
    },
    $defs: { definition: definitionSchema(), conditions: conditionsSchema() },
  };
}

function definitionSchema(): Schema {
  const conditions = { $ref: '#/$defs/conditions' };
  return {
    type: 'object',
    // Definitions of other handler modules are left out, whatever is in them.
    if: { properties: { handlermodule: { enum: ['Token', null] } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: {
      properties: {
        id: {
          ...orNull(INTEGER),
          description: 'Its number, from 1. It may be absent if the name identifies the definition.',
        },
        name: { type: ['string', 'null'], description: 'Its name, for people.' },
        active: { ...orNull(FLAG), description: 'Whether it acts; true by default.', default: true },
        ordering: { ...orNull(INTEGER), description: 'Lower ones act first; 0 by default.', default: 0 },
        position: {
          enum: ['post', 'pre', null],
          description: 'post (default): after the event; pre: before it, while its sender waits.',
          default: 'post',
        },
        event: {
          description:
            "The events at which it acts: privacyIDEA's, or a sender's own; a list, or a text separated by commas.",
          anyOf: [{ type: 'array', minItems: 1, items: named(NAME) }, named(NAMES)],
        },
        handlermodule: { enum: ['Token', null], description: "privacyIDEA's handler; only this one is accepted." },
        action: { type: 'string', description: 'What it does with the token, such as disable.' },
        options: { type: ['object', 'null'], description: "The action's options: each action has its own." },
        conditions: {
          description: 'All of them must hold. A list of groups: all groups.',
          anyOf: [conditions, { type: 'array', items: conditions }, { type: 'null' }],
        },
        unless: { description: 'None of these may hold.', anyOf: [conditions, { type: 'null' }] },
        when_missing: {
          enum: ['hold', 'fail', null],
          description:
            'If what a condition compares is missing: hold (default): the rule of the condition applies; fail: it does not hold.',
          default: 'hold',
        },
        abort_on_error: {
          ...orNull(FLAG),
          description: 'Whether a failure ends the steps of that token; false by default.',
          default: false,
        },
        confirm: {
          ...orNull(FLAG),
          description: 'Confirms a target of all tokens of a state; false by default.',
          default: false,
        },
        target: {
          enum: [...TARGETS, null],
          description: 'Which tokens: the one of the event (current, the default), or several.',
          default: 'current',
        },
      },
      required: ['event', 'action'],
      allOf: optionsByAction(),
    },
  };
}

/** Makes the schema of known names and any others. */
function named(schema: Schema): Schema {
  return { anyOf: [{ enum: PRIVACYIDEA_EVENTS }, schema] };
}

function orNull(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}

/** Makes the schema of each action's options. They are not checked if the action's name has another case or spaces. */
function optionsByAction(): Schema[] {
  const { oneOf } = actionSchema(actions) as { readonly oneOf: readonly ActionSchema[] };
  const known = oneOf.map(({ title, description }) => ({ const: title, description }));
  const likeOne = oneOf.map(({ title }) => caseless(title)).join('|');
  return [
    { properties: { action: { anyOf: [...known, { type: 'string', pattern: `^\\s*(${likeOne})\\s*$` }] } } },
    ...oneOf.map(({ title, properties: { options } }) => ({
      if: { properties: { action: { const: title } }, required: ['action'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: {
        properties: { options: { ...lenient(options), type: ['object', 'null'] } },
        ...((options.required ?? []).length > 0 && { required: ['options'] }),
      },
    })),
  ];
}

interface ActionSchema {
  readonly title: string;
  readonly description: string;
  readonly properties: { readonly options: ActionOptionsSchema };
}

interface ActionOptionsSchema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** Allows empty optional options, which count as absent. */
function lenient(options: ActionOptionsSchema): Schema {
  const properties = Object.entries(options.properties ?? {}).map(([name, schema]) => {
    if (options.required?.includes(name)) return [name, schema];
    const { description, ...rest } = schema;
    const isOpen = Object.keys(rest).length === 0;
    return [name, isOpen ? schema : { description, anyOf: [rest, { enum: ['', null] }] }];
  });
  return { ...options, properties: Object.fromEntries(properties) };
}

function caseless(name: string): string {
  return [...name].map((letter) => (letter === ' ' ? ' ' : `[${letter}${letter.toUpperCase()}]`)).join('');
}

/** Makes the schema of a group of conditions. */
export function conditionsSchema(): Schema {
  const properties = catalogue.map(({ name, description, syntax, allowed }) => {
    const value = allowed
      ? { anyOf: [{ enum: [...allowed, ...(allowed.includes('True') ? [true, false] : [])] }, ...words(allowed)] }
      : { type: ['string', 'number', 'boolean'] };
    const list = { type: 'array', minItems: 1, items: value };
    return [name, { description: `${description} Written as: ${syntax}.`, anyOf: [value, list] }];
  });
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) };
}

/** Returns the other spellings of True and False. */
function words(allowed: readonly string[]): Schema[] {
  if (!allowed.includes('True')) return [];
  return [{ enum: ['true', 'false', 'TRUE', 'FALSE', '1', '0', 1, 0] }];
}
