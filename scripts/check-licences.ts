/**
 * Checks the licence of every package in the lock file. Packages that are deployed, which are those that functions/ and lib/
 * import and what these need, must have a permissive licence. Packages that only build and test may also have one of the
 * others in the list.
 */
import { readdirSync, readFileSync } from 'node:fs';
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
      dependencies: z.optional(z.record(z.string(), z.string())),
      peerDependencies: z.optional(z.record(z.string(), z.string())),
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

/** Returns where a package is installed for one that needs it: nested, or in a folder above; undefined if it is not. */
function placeOf(name: string, from: string): string | undefined {
  const place = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  if (Object.hasOwn(packages, place)) return place;
  return from === '' ? undefined : placeOf(name, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))));
}

/** Returns the names of the packages that a folder's sources import. */
function importedIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) => {
    const source = readFileSync(`${folder}/${file}`, 'utf8');
    return [...source.matchAll(/(?:from|import\() ?'((?:@[\w-]+\/)?[\w-][\w.-]*)[/']/g)].map(([, name = '']) => name);
  });
}

/** Adds a package and all that it needs. */
function addWithNeeds(name: string, from: string, found: Set<string>): void {
  const place = placeOf(name, from);
  if (place === undefined || found.has(place)) return;
  found.add(place);
  const { dependencies = {}, peerDependencies = {} } = packages[place] ?? {};
  for (const one of Object.keys({ ...dependencies, ...peerDependencies })) addWithNeeds(one, place, found);
}

const deployed = new Set<string>();
for (const name of [...importedIn('functions'), ...importedIn('lib')]) addWithNeeds(name, '', deployed);
const counts = new Map<string, number>();
const refused: string[] = [];
for (const [path, { license }] of Object.entries(packages)) {
  if (path === '') continue;
  const licence = licenceOf(path, license);
  // Another platform's build of a package that is here in our own.
  if (licence === 'not installed') continue;
  const isDeployed = deployed.has(path);
  const kind = `${licence}${isDeployed ? '' : ' (development)'}`;
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (!isAllowed(licence, isDeployed ? PERMISSIVE : DEVELOPMENT)) refused.push(`${path}: ${licence}`);
}
for (const [licence, count] of [...counts].sort()) console.log(`${String(count).padStart(5)} ${licence}`);
for (const one of refused) console.error(`not permissive: ${one}`);
process.exitCode = refused.length > 0 || deployed.size === 0 ? 1 : 0;
