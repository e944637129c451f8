/** The catalogue of conditions as data: the command line, the HTTP API and the reference read it. */
import { conditions } from './catalogue.ts';

export function describeConditions() {
  return conditions.map(({ name, group, description, syntax, allowed, needs }) => ({
    name,
    group,
    description,
    syntax,
    allowed: allowed ?? null,
    needs,
  }));
}
