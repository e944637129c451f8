/** Makes the OpenAPI 3.1 document of the HTTP API from the schemas with which its calls are parsed. */
import * as z from 'zod/mini';
import { definitionsSchema } from '../../lib/definition/schema.ts';
import { ProblemAnswer } from '../../lib/http/answers.ts';
import { type ApiCall, apiCalls } from './api-calls.ts';

type Json = Readonly<Record<string, unknown>>;

const JsonSchema = z.looseObject({
  properties: z._default(z.record(z.string(), z.looseObject({ description: z.optional(z.string()) })), {}),
  required: z._default(z.array(z.string()), []),
});
const EditorSchema = z.looseObject({ $defs: z.record(z.string(), z.looseObject({})) });

/** Makes the document. */
export function openapiDocument() {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [route, call] of Object.entries(apiCalls)) {
    const [method = '', path = ''] = route.split(' ');
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(route, call) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tokenwright',
      version: '1',
      description: 'Definitions, explain, tokens, and the synchronous way of `pre` events. Every call is signed.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      {
        url: 'https://{api}.execute-api.{region}.amazonaws.com',
        variables: { api: { default: 'api' }, region: { default: 'eu-central-1' } },
      },
    ],
    security: [{ iam: [] }],
    paths,
    components: {
      securitySchemes: {
        iam: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'AWS Signature Version 4 for `execute-api`; the caller needs `execute-api:Invoke`.',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
      },
      schemas: { ...definitionSchemas(), problem: schemaOf(ProblemAnswer, 'output') },
    },
  };
}

function operation(route: string, { summary, path, query, body, answers, refusals }: ApiCall): Json {
  const parameters = [...parametersOf(path, 'path'), ...parametersOf(query, 'query')];
  return {
    operationId: operationId(route),
    summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: jsonOf(bodySchema(body)) } }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, schema]) => [status, answered(status, schema)])),
      ...Object.fromEntries(Object.entries(refusals).map(([status, codes]) => [status, refused(codes)])),
      403: { description: 'Not signed, or not allowed: answered by API Gateway, before any function.' },
    },
  };
}

/** Makes the operation id: `PUT /definitions/{id}` -> `putDefinitionsId`. */
function operationId(route: string): string {
  const [method = '', ...parts] = route.split(/\W+/).filter(Boolean);
  return method.toLowerCase() + parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('');
}

function parametersOf(schema: z.ZodMiniObject | undefined, where: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties, required } = JsonSchema.parse(schemaOf(schema, 'input'));
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

function bodySchema(body: z.ZodMiniType | 'definition'): Json {
  return body === 'definition' ? { $ref: '#/components/schemas/definition' } : schemaOf(body, 'input');
}

function answered(status: string, schema: z.ZodMiniType): Json {
  return { description: status === '201' ? 'Made' : 'Done', content: jsonOf(schemaOf(schema, 'output')) };
}

function refused(codes: readonly string[]): Json {
  const problem = { $ref: '#/components/schemas/problem' };
  return {
    description: `Refused, nothing was changed: ${codes.map((code) => `\`${code}\``).join(', ')}`,
    content: { 'application/problem+json': { schema: problem } },
    'x-codes': codes,
  };
}

function jsonOf(schema: Json): Json {
  return { 'application/json': { schema } };
}

function schemaOf(schema: z.ZodMiniType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' });
  return rest;
}

/** The schemas for editors, by their place in this document. */
function definitionSchemas(): Readonly<Record<string, Json>> {
  const moved = JSON.stringify(definitionsSchema()).replaceAll('"#/$defs/', '"#/components/schemas/');
  return EditorSchema.parse(JSON.parse(moved)).$defs;
}
