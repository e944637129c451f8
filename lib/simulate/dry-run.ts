/**
 * The runtime of a dry run: planning and steps run on it unchanged, and their writes stay in memory. Secrets are
 * placeholders that depend on no key, and are never shown.
 */
import { createHmac } from 'node:crypto';
import type { DefinitionSet } from '../definition/definition-cache.ts';
import type { Directory } from '../directory/directory.ts';
import type { FirstDelivery } from '../plan/first-delivery.ts';
import type { PlanRuntime } from '../plan/targets.ts';
import type { SecretBox } from '../secret/box.ts';
import { secretDeriver } from '../secret/derive.ts';
import { DEFAULT_LEDGER_LIMITS, type LedgerLimits } from '../token/ledger.ts';
import type { TokenStore } from '../token/store.ts';
import { type OverlayStore, overlayStore } from './overlay-store.ts';

/** The tokens and users that a dry run reads, and never changes. */
export interface Scene {
  readonly tokens: Pick<TokenStore, 'read' | 'serialsOf'>;
  readonly directory: Directory;
  /** Reads the first-delivery snapshots of events, and stores none. */
  readonly firstDelivery: FirstDelivery;
  readonly timezone: string;
  /** The clock, in milliseconds since 1970. */
  now(): number;
  readonly limits?: LedgerLimits;
}

export interface DryRun extends PlanRuntime {
  readonly tokens: OverlayStore;
  readonly definitions: DefinitionSet;
}

/** Makes the runtime for a set of definitions. Its tokens start as the scene has them. */
export function dryRun(scene: Scene, definitions: DefinitionSet): DryRun {
  const { directory, firstDelivery, timezone, now, limits = DEFAULT_LEDGER_LIMITS } = scene;
  const tokens = overlayStore(scene.tokens);
  return {
    tokens,
    definitions,
    tools: {
      directory,
      secrets: secretDeriver(publicMac),
      box: CLOSED_BOX,
      putIntoContainer: async () => undefined,
      hashPin: async (pin) => `dry run ${pin}`,
      issuer: 'dry run',
    },
    sources: { directory, tokens, firstDelivery },
    timezone,
    now,
    limits,
    pause: async () => undefined,
    reservations: { take: async () => null, release: async () => undefined },
  };
}

/** Opens every secret as the same placeholder, which is a valid value of every option. */
export const CLOSED_BOX: SecretBox = {
  seal: async () => Buffer.from('dry run'),
  open: async () => Buffer.from(JSON.stringify('0'.repeat(40))),
};

async function publicMac(message: string): Promise<Uint8Array> {
  return createHmac('sha256', 'dry run').update(message).digest();
}
