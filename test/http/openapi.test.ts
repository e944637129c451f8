/** Compares the OpenAPI document with the deployed routes; api.test.ts compares its answers with real ones. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
// @ts-expect-error: JavaScript, since serverless.yml loads it; what it gives is parsed below
import { functions } from '../../infra/functions.js';
import { openapiDocument } from '../../scripts/reference/openapi.ts';
import { undocumented } from './openapi.ts';

const Deployed = z.record(
  z.string(),
  z.looseObject({
    events: z.array(
      z.looseObject({
        httpApi: z
          .object({ method: z.string(), path: z.string(), authorizer: z.optional(z.object({ type: z.string() })) })
          .optional(),
      }),
    ),
  }),
);
const Service = z.looseObject({ params: z.looseObject({ default: z.record(z.string(), z.unknown()) }) });
const service = readFileSync(new URL('../../serverless.yml', import.meta.url), 'utf8');
const parameters = Service.parse(parse(service.replaceAll('${sls:stage}', 'dev'))).params.default;
const VARIABLES: Readonly<Record<string, unknown>> = {
  'sls:stage': 'dev',
  'self:params.default': parameters,
  ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`param:${name}`, value])),
  'self:custom.delivery': {},
  'self:custom.bulk': { lanes: 1, pageSize: 1 },
};

const document = openapiDocument();

it('has the routes that are deployed, and no other, all of them signed', async () => {
  const described = await functions({ options: {}, resolveVariable: async (name: string) => VARIABLES[name] });
  const routes = Object.values(Deployed.parse(described)).flatMap(({ events }) =>
    // The front door speaks privacyIDEA's API, which is documented elsewhere.
    events.flatMap(({ httpApi }) => (httpApi && httpApi.method !== 'ANY' ? [httpApi] : [])),
  );
  const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(documented.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
  expect(new Set(routes.map(({ authorizer }) => authorizer?.type))).toEqual(new Set(['aws_iam']));
  expect(document.security).toEqual([{ iam: [] }]);
});

it('has a parameter for each open part of a path', () => {
  for (const [path, operations] of Object.entries(document.paths)) {
    const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true }));
    for (const { parameters = [] } of Object.values(operations)) {
      expect(z.array(z.looseObject({})).parse(parameters)).toMatchObject([...parts, ...queryOf(parameters)]);
    }
  }
});

function queryOf(parameters: unknown): object[] {
  return z
    .array(z.looseObject({ in: z.string() }))
    .parse(parameters)
    .filter((one) => one.in === 'query');
}

it.each([
  ['a field that it does not know', 200, 'application/json', { actions: [], more: 1 }],
  ['a status that it does not know', 418, 'application/json', { actions: [] }],
  ['a code that it does not know', 400, 'application/problem+json', {}],
])('is no match for %s', (_what, status, type, body) => {
  expect(undocumented('GET', '/actions', { status, type, body })).toHaveLength(1);
});
