/** Puts a front before each of the two endpoints that functions call. */
import type { Server } from 'node:http';
import { type Invocations, openInvocations } from '../invocations.ts';
import { listen } from '../listen.ts';
import { type Faults, faultsFrom } from './faults.ts';
import { front } from './front.ts';
import type { FaultPlan } from './specification.ts';

export interface FaultyEndpoints {
  readonly faults: Faults;
  readonly invocations: Invocations;
  /** What the functions call instead: DynamoDB, then the other services. */
  readonly fronts: readonly Server[];
  /** Lets the calls take effect that are still held back. @returns whether there were any */
  settle(): Promise<boolean>;
}

/** @param database a server that does not listen yet, or the URL of one elsewhere */
export async function putFronts(
  plan: FaultPlan,
  database: Server | string,
  services: Server,
): Promise<FaultyEndpoints> {
  const here = [...(typeof database === 'string' ? [] : [database]), services];
  const addresses = await listen(here, 0);
  const behind = typeof database === 'string' ? [database, ...addresses] : addresses;
  const faults = faultsFrom(plan);
  const invocations = openInvocations();
  const fronts = behind.map((address) => front(address, faults, invocations));
  return {
    faults,
    invocations,
    fronts: fronts.map(({ server }) => server),
    settle: async () => (await Promise.all(fronts.map((one) => one.settle()))).includes(true),
  };
}
