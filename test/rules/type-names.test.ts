/** A type's name means one thing: searching for it finds one declaration. */
import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** The types for other projects are made from our own schemas, and keep their names. */
const files = globSync(['lib/**/*.ts', 'cli/**/*.ts', 'infra/**/*.ts', 'functions/**/*.ts'], {
  exclude: ['lib/contract/types.ts', '**/node_modules/**'],
});

it('no type, interface or class has the name of another', () => {
  const declared = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^(?:export )?(?:abstract )?(?:interface|type|class|enum) (\w+)/gm)].map(
      ([, name = '']) => ({ name, file }),
    ),
  );
  expect(declared.length).toBeGreaterThan(400);
  const twice = [...Map.groupBy(declared, ({ name }) => name)].filter(([, all]) => all.length > 1);
  expect(twice.map(([name, all]) => `${name}: ${all.map(({ file }) => file).join(', ')}`)).toEqual([]);
});
