/**
 * Makes the files of each function: its module with all its imports, minified, and one more file for each dynamic
 * `import()`, so that code which is rarely used is in the package but not loaded (docs/decisions, "bundles").
 * The format is CommonJS, because it loads some milliseconds faster than ESM in a cold start.
 */
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, posix, relative } from 'node:path';
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
  metafile: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'], // ESM sources, where a package has both, can be tree-shaken
  legalComments: 'none',
  logLevel: 'silent', // a failed build throws with all its messages
  alias: {
    '@aws-sdk/credential-provider-node': fileURLToPath(new URL('lambda-credentials.ts', import.meta.url)),
    // Its ESM sources: its `main` is a script inside a wrapper function, which V8 parses twice.
    dayjs: 'dayjs/esm/index.js',
    'dayjs/plugin/utc.js': 'dayjs/esm/plugin/utc/index.js',
  },
} satisfies BuildOptions;

/** A compiled module and the names of the lazy files it imports. */
interface CompiledModule {
  readonly content: Uint8Array;
  readonly lazy: readonly string[];
}

/**
 * Bundles all functions at once, so that shared modules are parsed once.
 *
 * @param handlers as in serverless.yml: `functions/dispatch.handler` is the export `handler` of `functions/dispatch.ts`
 * @param root the absolute path of the folder that handlers are relative to
 * @returns for each handler, in order: the module under its own path, then the modules that it imports dynamically
 * @throws esbuild's BuildFailure if a module or one of its imports is missing
 */
export async function bundle(handlers: readonly string[], root: string): Promise<BundleFile[][]> {
  const modules = handlers.map((handler) => handler.slice(0, -extname(handler).length));
  const sources = new Map<string, string>();
  const main = await compile(Object.fromEntries(modules.map((module) => [module, `${module}.ts`])), root, sources);
  let lazy = new Map<string, CompiledModule>();
  while (lazy.size < sources.size) lazy = await compile(Object.fromEntries(sources), root, sources);

  return modules.map((module) => {
    const path = `${module}.js`;
    const compiled = take(main, path);
    const beside = [...reachable(compiled.lazy, lazy)].map((name) => ({
      path: posix.join(dirname(path), name),
      content: take(lazy, name).content,
    }));
    return [{ path, content: compiled.content }, ...beside];
  });
}

/** `names` and all lazy files that these import, directly or indirectly. */
function reachable(names: readonly string[], lazy: Map<string, CompiledModule>): Set<string> {
  const found = new Set(names);
  for (const name of found) for (const next of take(lazy, name).lazy) found.add(next); // the set grows during the loop
  return found;
}

/** Compiles `entries` (output path without `.js` -> source), and adds every lazy module that it finds to `sources`. */
async function compile(
  entries: Record<string, string>,
  root: string,
  sources: Map<string, string>,
): Promise<Map<string, CompiledModule>> {
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    absWorkingDir: root,
    outdir: root,
    entryPoints: entries,
    plugins: [dynamicImportsApart(sources), noConfigFiles, versionsOnly],
  });
  return new Map(
    outputFiles.map(({ path, contents }) => {
      const name = relative(root, path).replaceAll('\\', '/');
      const imports = metafile.outputs[name]?.imports ?? [];
      const lazy = imports.filter(({ kind, path }) => kind === 'dynamic-import' && path.startsWith('./'));
      return [name, { content: contents, lazy: lazy.map(({ path }) => posix.basename(path)).sort() }];
    }),
  );
}

/** Makes every dynamic import a file beside the bundle, and records its source. */
function dynamicImportsApart(sources: Map<string, string>): Plugin {
  return {
    name: 'dynamic-imports-apart',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /.*/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
        if (kind !== 'dynamic-import' || path.startsWith('node:') || pluginData === 'resolving') return undefined;
        const found = await resolve(path, { kind, importer, resolveDir, pluginData: 'resolving' });
        if (found.errors.length > 0 || found.external) return found;
        const name = `${basename(path, extname(path))}.lazy`;
        const earlier = sources.get(name);
        if (earlier !== undefined && earlier !== found.path) throw new Error(`two lazy modules are called ${name}`);
        sources.set(name, found.path);
        return { path: `./${name}.js`, external: true };
      });
    },
  };
}

/** Replaces a module inside a package, which `alias` cannot name. */
const noConfigFiles: Plugin = {
  name: 'no-config-files',
  setup({ onLoad }) {
    const instead = fileURLToPath(new URL('lambda-config-files.ts', import.meta.url));
    onLoad({ filter: /[/\\]shared-ini-file-loader[/\\]readFile\.js$/ }, async () => {
      return { contents: await readFile(instead, 'utf8'), loader: 'ts' };
    });
  },
};

/** Reduces package.json to name and version: the SDK clients import it for its version only. */
const versionsOnly: Plugin = {
  name: 'versions-only',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules.*[/\\]package\.json$/ }, async ({ path }) => {
      const { name, version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};

function take(compiled: Map<string, CompiledModule>, name: string): CompiledModule {
  const found = compiled.get(name);
  if (found === undefined) throw new Error(`esbuild wrote no ${name}`);
  return found;
}
