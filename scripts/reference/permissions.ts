/**
 * docs/reference/permissions.md: which function may make which call on what, from the packaged template. Writes it, or
 * with `--check` fails if it is no longer what the template says.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

const FILE = 'docs/reference/permissions.md';

const Statement = z.looseObject({
  Effect: z.string(),
  Action: z.union([z.string(), z.array(z.string())]),
  Resource: z.unknown(),
  Condition: z.optional(z.record(z.string(), z.record(z.string(), z.unknown()))),
});
type Statement = z.output<typeof Statement>;
const Role = z.looseObject({
  Policies: z.array(z.looseObject({ PolicyDocument: z.looseObject({ Statement: z.array(Statement) }) })),
});
const BusPolicy = z.looseObject({ Statement });
const Template = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.unknown() })),
});

function packaged(): z.output<typeof Template> {
  const folder = mkdtempSync(join(tmpdir(), 'tokenwright-package-'));
  try {
    const osls = 'node_modules/osls/bin/serverless.js';
    execFileSync(process.execPath, [osls, 'package', '--package', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
    return Template.parse(JSON.parse(readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `TokensTable`, `TokensTable/index/owner`; of what has no name of its own the text. */
function nameOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const {
    'Fn::GetAtt': attribute,
    'Fn::Sub': text,
    Ref,
  } = z
    .looseObject({
      'Fn::GetAtt': z.optional(z.array(z.string())),
      'Fn::Sub': z.optional(z.string()),
      Ref: z.optional(z.string()),
    })
    .parse(value);
  return (
    attribute?.[0] ??
    Ref ??
    String(text)
      .replaceAll(/\$\{(\w+)\.Arn\}/g, '$1')
      .replaceAll(/arn:.*:log-group:/g, 'log group ')
  );
}

function line({ Action, Resource, Condition }: Statement): string {
  const limits = Object.entries(Condition ?? {}).flatMap(([operator, keys]) =>
    operator === 'Null'
      ? []
      : Object.entries(keys).map(([key, value]) => ` where \`${key}\` is \`${[value].flat().map(nameOf).join(', ')}\``),
  );
  return `${[Resource].flat().map(nameOf).join(', ')}: ${[Action].flat().join(', ')}${limits.join('')}`;
}

function render({ Resources }: z.output<typeof Template>): string {
  const roles = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');
  const byLines = new Map<string, string[]>();
  for (const [id, { Properties }] of roles) {
    const statements = Role.parse(Properties).Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    const own = statements.filter(({ Action }) => ![Action].flat().every((action) => action.startsWith('logs:')));
    const lines = own
      .map(line)
      .map((text) => text.replace(`${id.replace(/Role$/, '')}DeadLetters`, 'its dead letters'));
    const key = lines.map((text) => `- ${text}`).join('\n');
    byLines.set(key, [...(byLines.get(key) ?? []), id]);
  }
  const denies = Object.entries(Resources)
    .filter(([, { Type }]) => Type === 'AWS::Events::EventBusPolicy')
    .map(([id, { Properties }]) => {
      const { Resource, Condition = {} } = BusPolicy.parse(Properties).Statement;
      const limits = Object.entries(Condition).flatMap(([operator, keys]) =>
        Object.entries(keys).map(([key, value]) => {
          const values = [value].flat().map(nameOf);
          return `${key} ${operator} ${values.length > 2 ? `${values.length} roles` : values.join(', ')}`;
        }),
      );
      return `| ${id} | ${nameOf(Resource)} | ${limits.join('; ')} |`;
    });
  const sections = [...byLines].map(([lines, ids]) => `## ${ids.join(', ')}\n\n${lines || '- nothing'}`);
  return `# Permissions

Made from the packaged template by \`npm run reference:permissions\`; not edited by hand. Each function has a role of its
own; roles with the same permissions are listed together. Each role may also write its function's own log group.

test/packaging/permissions.test.ts runs each function and compares its calls with its role: no permission is missing, and
none is unused. It does not check logs, the dead letters of functions that events start (Lambda writes both with their
roles), and RedriveRole, which belongs to no function.

${sections.join('\n\n')}

## Denied on the buses

Whatever other policies allow (test/packaging/bus-policies.test.ts):

| policy | bus | \`events:PutEvents\` is denied where |
| --- | --- | --- |
${denies.join('\n')}
`;
}

const text = render(packaged());
if (!process.argv.includes('--check')) writeFileSync(FILE, text);
else if (readFileSync(FILE, 'utf8') !== text) {
  console.error(`${FILE} is stale: npm run reference:permissions`);
  process.exitCode = 1;
}
