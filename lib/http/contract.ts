/** The inputs of the HTTP API as schemas, which the operations parse with and the OpenAPI document shows. */
import * as z from 'zod/mini';

const text = z.optional(z.string().check(z.minLength(1)));
const digits = z.string().check(z.regex(/^[1-9]\d{0,14}$/, "must be a definition's id, a whole number"));

export const DefinitionPath = z.object({ id: digits.check(z.describe("The definition's id.")) });
export const TokenPath = z.object({ serial: z.string().check(z.minLength(1), z.describe("The token's serial.")) });

const message = z._default(
  z.string().check(z.maxLength(1000), z.describe('Why it is changed; kept in the history.')),
  '',
);
export const WhyQuery = z.strictObject({ message });

const definitions = z
  .unknown()
  .check(
    z.describe('The whole set: a list of definitions, or an export of privacyIDEA. What is not in it is deleted.'),
  );
export const PlanBody = z.strictObject({ definitions });
export const ApplyBody = z.strictObject({
  definitions,
  message,
  set: z
    .int()
    .check(
      z.describe('The set that this was planned for, as "plan" tells it; refused (409) if another set is applied now.'),
    ),
});

export const ExplainBody = z.strictObject({
  event: z.looseObject({}).check(z.describe('An auth event; "id", "source" and "time" may be absent.')),
  serial: z.optional(z.string().check(z.minLength(1), z.describe('Restricts the explanation to this token.'))),
  definitions: z.optional(z.unknown().check(z.describe('Definitions to use instead of the applied ones.'))),
});

const limit = z._default(
  z.pipe(
    z
      .string()
      .check(
        z.regex(/^([1-9]\d?|100)$/, 'must be a whole number from 1 to 100'),
        z.describe('The size of the page, 1 to 100.'),
      ),
    z.transform(Number),
  ),
  20,
);
const cursor = z.optional(z.string().check(z.minLength(1), z.describe('The "cursor" of the page before.')));
export const OutcomesQuery = z.strictObject({ limit, cursor });
/** A user by resolver and uid, or by login and realm. */
export const TokensQuery = z.strictObject({ resolver: text, uid: text, login: text, realm: text, limit, cursor }).check(
  z.refine(({ resolver, uid, login, realm }) => Boolean((resolver && uid) || (login && realm)), {
    error: 'needs "resolver" and "uid", or "login" and "realm"',
  }),
);
