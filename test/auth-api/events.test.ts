/** The auth events that calls raise, as measured: names, positions, user, and the answer as a handler sees it. */
import { describe, expect, it } from 'vitest';
import { runScenario } from '../../cli/commands/run.ts';
import { readScenario } from '../../cli/scenario.ts';
import { readVectors } from '../scenarios/expectation.ts';

interface Row {
  readonly id: string;
  readonly note: string;
  readonly file: { readonly tokens?: readonly { readonly tokentype: string }[] };
  readonly raised: readonly {
    readonly raised: readonly string[];
    readonly events: readonly {
      readonly position: string;
      readonly user: { readonly login: string; readonly realm: string };
      readonly response?: { readonly result: { readonly value?: unknown; readonly authentication?: string } };
    }[];
  }[];
}

interface Raised {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: {
    readonly position: string;
    readonly user: { readonly login: string; readonly realm: string } | null;
    readonly response?: { readonly result: { readonly status: boolean; readonly value?: unknown } };
  };
}

const NOW = Date.parse('2026-12-01T12:00:00Z');

describe('raised events', () => {
  it.each(readVectors<Row>('auth-events.json'))('$id: $note', async ({ file, raised: expected }) => {
    const result = await runScenario(await readScenario(file, NOW));
    // Some rows were measured on tokens whose secret they do not tell: there only names and positions compare.
    const hasUntoldSecret = file.tokens?.some(
      (token) => token.tokentype !== 'spass' && !('otpkey' in token || 'secret' in token),
    );
    const raised = [...((result.raised ?? []) as Raised[])];
    expect(raised.every(({ source }) => source === 'tokenwright.auth')).toBe(true);
    for (const { raised: names, events } of expected) {
      for (const [i, name] of names.entries()) {
        const event = raised.shift();
        expect(`${event?.detail.position}:${event?.['detail-type']}`).toBe(name);
        const wanted = events[i];
        if (wanted?.user.login && event?.detail.user) {
          expect(event.detail.user).toMatchObject({ login: wanted.user.login, realm: wanted.user.realm });
        }
        const authentication = wanted?.response?.result.authentication;
        if (authentication && !hasUntoldSecret)
          expect(event?.detail.response?.result).toMatchObject({ authentication });
        expect(JSON.stringify(event)).not.toMatch(/"(pass|password|pin|otppin|otp1|otp2)":/);
      }
      // Ours is raised as well where a call ends in a fault, and says so.
      const isFault = names.length === 1 && names[0]?.startsWith('pre:');
      if (isFault) expect(raised.shift()?.detail.response?.result).toMatchObject({ status: false });
    }
    expect(raised).toEqual([]);
  });
});
