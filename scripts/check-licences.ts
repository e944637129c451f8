/**
 * Checks the licence of every package in the lock file. Packages that are deployed need a permissive licence. Packages that
 * only build and test, and are in no bundle, may also have one of the others in the list.
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';

const PERMISSIVE = [
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
];
/** Licences of data, texts, and tools that are called and not linked. */
const DEVELOPMENT = [
  ...PERMISSIVE,
  'CC-BY-4.0',
  'CC-BY-3.0',
  'Python-2.0',
  'PSF-2.0',
  'MPL-2.0',
  'Artistic-2.0',
  'WTFPL',
  'Zlib',
];

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({
      license: z.optional(z.string()),
      dev: z.optional(z.boolean()),
      devOptional: z.optional(z.boolean()),
    }),
  ),
});

/** Reads the licence from the lock file, else from the package. */
function licenceOf(path: string, said: string | undefined): string {
  if (said) return said;
  try {
    const { license, licenses } = JSON.parse(readFileSync(`${path}/package.json`, 'utf8'));
    return String(license?.type ?? license ?? licenses?.[0]?.type ?? 'none');
  } catch {
    return 'not installed';
  }
}

/** Tells whether an expression is allowed: for "A OR B" one suffices, "A AND B" needs both. */
function isAllowed(expression: string, allowed: readonly string[]): boolean {
  const plain = expression.replaceAll(/[()]/g, '');
  return plain.split(' OR ').some((choice) => choice.split(' AND ').every((one) => allowed.includes(one.trim())));
}

const { packages } = Lock.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
const counts = new Map<string, number>();
const refused: string[] = [];
for (const [path, { license, dev = false, devOptional = false }] of Object.entries(packages)) {
  if (path === '') continue;
  const licence = licenceOf(path, license);
  // Another platform's build of a package that is here in our own.
  if (licence === 'not installed') continue;
  const isDevelopment = dev || devOptional;
  counts.set(
    `${licence}${isDevelopment ? ' (development)' : ''}`,
    (counts.get(`${licence}${isDevelopment ? ' (development)' : ''}`) ?? 0) + 1,
  );
  if (!isAllowed(licence, isDevelopment ? DEVELOPMENT : PERMISSIVE)) refused.push(`${path}: ${licence}`);
}
for (const [licence, count] of [...counts].sort()) console.log(`${String(count).padStart(5)} ${licence}`);
for (const one of refused) console.error(`not permissive: ${one}`);
process.exitCode = refused.length > 0 || counts.size === 0 ? 1 : 0;
