/**
 * `login --explain`: shows the answer to a login, what it would change, and what definitions would do. Writes nothing.
 */
import { randomInt, randomUUID } from 'node:crypto';
import type { ValidateTools } from '../../lib/auth-api/routes/validate-subject.ts';
import { serveApi } from '../../lib/auth-api/serve.ts';
import { validateRoutes } from '../../lib/auth-api/validate-routes.ts';
import { challengeStore } from '../../lib/authenticate/challenge-store.ts';
import { readSettings } from '../../lib/authenticate/settings.ts';
import { settingsStore } from '../../lib/authenticate/settings-store.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { parseAuthEvent } from '../../lib/event/auth-event.ts';
import { dryRun } from '../../lib/simulate/dry-run.ts';
import { explainEvent } from '../../lib/simulate/explain.ts';
import { overlayStore } from '../../lib/simulate/overlay-store.ts';
import { changesBetween } from '../../lib/token/view.ts';
import { colours, show } from '../output/display.ts';
import { describeResponse } from '../scenario/requests.ts';
import { explanationTree } from '../simulate/explain-tree.ts';
import { openScene } from '../simulate/scene.ts';
import { stackBox } from '../stack/secrets.ts';
import { selectStack } from '../stack/target.ts';

/** Prints the explanation. @param stage a deployed stack; undefined: the local stack */
export async function explainLogin(user: string, password: string, stage: string | undefined): Promise<void> {
  const { scene, current } = await openScene({ stage });
  const tables = await selectStack(stage);
  const client = documentClient();
  const overlay = overlayStore(scene.tokens);
  const challenges = challengeStore(client, tables.directory);
  const { document } = await settingsStore(client, tables.definitions).current();
  const tools: ValidateTools = {
    tokens: overlay,
    directory: scene.directory,
    box: stackBox(tables),
    challenges: { ...challenges, create: async () => {}, take: async () => true, countAnswer: async () => {} },
    settings: async () => readSettings(document),
    deliver: async () => {},
    ownerOf: async ({ token }) => token.user && scene.directory.ownerEntry(token.user),
    randomBelow: (limit) => randomInt(limit),
    timezone: scene.timezone,
    pause: async () => {},
    inEqualTime: (work) => work(),
  };
  const raised: unknown[] = [];
  const answer = await serveApi(requestOf(user, password, scene.now()), {
    operations: validateRoutes(tools),
    access: { admit: async () => null },
    events: { pre: async () => {}, post: async (event) => void raised.push(event) },
  });
  const paint = colours(process.stdout);
  const body: unknown = JSON.parse(answer.body);
  process.stdout.write(`${describeResponse({ status: answer.statusCode, body }, paint)}\n`);
  for (const [serial, after] of overlay.written) {
    const before = await scene.tokens.read(serial);
    for (const [field, [old, young]] of Object.entries(before ? changesBetween(before, after) : {})) {
      process.stdout.write(`      ${serial} ${field}: ${paint('red', show(old))} → ${paint('green', show(young))}\n`);
    }
  }
  const parsed = parseAuthEvent(raised[0]);
  if (!parsed.ok) return;
  const explanation = await explainEvent(parsed.value, dryRun({ ...scene, tokens: overlay }, await current()));
  process.stdout.write(`${explanationTree(explanation, paint).join('\n')}\n`);
}

function requestOf(user: string, password: string, now: number): Parameters<typeof serveApi>[0] {
  const body = Buffer.from(new URLSearchParams({ user, pass: password }).toString());
  return {
    id: randomUUID(),
    method: 'POST',
    path: '/validate/check',
    query: '',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
    clientIp: null,
    signedBy: null,
    now,
  };
}
