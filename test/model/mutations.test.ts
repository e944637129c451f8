import { expect, it } from 'vitest';
import { MUTATIONS, mutate } from '../soak/mutations.ts';

it.each(MUTATIONS.map((one) => [one.name, one] as const))(
  '"%s" can be switched off, in one place',
  (_name, mutation) => {
    expect(mutate(mutation)).toContain(mutation.replace);
  },
);
