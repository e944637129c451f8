/** Compares an answer of the API with the OpenAPI document. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as z from 'zod';
import { openapiDocument } from '../../scripts/reference/openapi.ts';

const document = openapiDocument();
const Responses = z.record(
  z.string(),
  z.looseObject({ content: z.record(z.string(), z.object({ schema: z.looseObject({}) })).optional() }),
);
const Codes = z.array(z.string());
const Problem = z.looseObject({ errors: z.array(z.looseObject({ code: z.string() })) });

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: unknown;
}

/** The differences between an answer and the document; none where it fits. */
export function undocumented(method: string, path: string, { status, type = '', body }: Answer): readonly string[] {
  const route = Object.keys(document.paths).find((one) => patternOf(one).test(path.split('?')[0] ?? ''));
  const operation = document.paths[route ?? '']?.[method.toLowerCase()];
  if (!operation) return [`no ${method} ${path}`];
  const response = Responses.parse(operation.responses)[status];
  const schema = response?.content?.[type]?.schema;
  if (!response || !schema) return [`${method} ${route} has no answer ${status} ${type}`];
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const validate = ajv.compile({ ...schema, components: document.components });
  if (!validate(body)) return [`${method} ${route}: ${ajv.errorsText(validate.errors)}`];
  if (status < 400) return [];
  const known = Codes.parse(response['x-codes']);
  const codes = Problem.parse(body).errors.map(({ code }) => code);
  return codes.filter((code) => !known.includes(code)).map((code) => `${method} ${route} ${status}: ${code}`);
}

/** `/definitions/plan` stands before `/definitions/{id}`, whose part is a number. */
function patternOf(route: string): RegExp {
  return new RegExp(`^${route.replace(/\{\w+\}/g, '(?!plan$|apply$)[^/]+')}$`);
}
