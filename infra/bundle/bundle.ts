/**
 * Makes the files of one function: its module with all that it imports, minified, and one further file for each
 * dynamic `import()`, so that what is rarely used is in the package but not loaded (docs/decisions, "bundles").
 * CommonJS, because it loads some milliseconds faster than ESM, and a cold start pays them.
 */
import { basename, dirname, extname, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';

/** A file of a deployment package. */
export interface BundleFile {
  /** Its path in the package, with forward slashes. */
  readonly path: string;
  readonly content: Uint8Array;
}

const OPTIONS = {
  bundle: true,
  write: false,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'], // ESM sources, where a package has both, can be tree-shaken
  legalComments: 'none',
  logLevel: 'silent', // a failed build throws with all its messages
  alias: { '@aws-sdk/credential-provider-node': fileURLToPath(new URL('lambda-credentials.ts', import.meta.url)) },
} satisfies BuildOptions;

/**
 * Bundles the function of `handler`.
 *
 * @param handler as in serverless.yml: `functions/dispatch.handler` is the export `handler` of `functions/dispatch.ts`
 * @param root the folder that `handler` is relative to
 * @returns the module under its own path, then what it imports dynamically, beside it
 * @throws esbuild's BuildFailure where the module or one of its imports is missing
 */
export async function bundle(handler: string, root: string): Promise<BundleFile[]> {
  const module = handler.slice(0, -extname(handler).length);
  const folder = dirname(module);
  const lazy = new Map<string, string>();
  const path = `${module}.js`;
  const files = [{ path, content: await compile(`${root}/${module}.ts`, root, lazy) }];
  for (const [name, entry] of lazy) {
    files.push({ path: posix.join(folder, name), content: await compile(entry, root, lazy) });
  }
  return files;
}

async function compile(entry: string, root: string, lazy: Map<string, string>): Promise<Uint8Array> {
  const { outputFiles } = await build({
    ...OPTIONS,
    absWorkingDir: root,
    entryPoints: [entry],
    plugins: [dynamicImportsApart(lazy)],
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

/** Leaves every dynamic import of a module outside of the bundle and notes the module in `lazy`, by its file name. */
function dynamicImportsApart(lazy: Map<string, string>): Plugin {
  return {
    name: 'dynamic-imports-apart',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /.*/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
        if (kind !== 'dynamic-import' || path.startsWith('node:') || pluginData === 'resolving') return undefined;
        const found = await resolve(path, { kind, importer, resolveDir, pluginData: 'resolving' });
        if (found.errors.length > 0 || found.external) return found;
        const name = `${basename(path, extname(path))}.lazy.js`;
        const earlier = lazy.get(name);
        if (earlier !== undefined && earlier !== found.path) throw new Error(`two lazy modules are called ${name}`);
        lazy.set(name, found.path);
        return { path: `./${name}`, external: true };
      });
    },
  };
}
