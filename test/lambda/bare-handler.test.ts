/**
 * test/lambda proves what the handlers do around the rules: environment, order of announcements, logs and metrics.
 *
 * Here: the bare form of an administrator's own rule.
 */
import type { Context } from 'aws-lambda';
import { expect, it, vi } from 'vitest';
import { disable } from '../../lib/action/actions/disable.ts';
import type { Publish } from '../../lib/event/publish.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';
import type { Runtime } from '../../lib/lambda/runtime.ts';

const BARE = { action: 'disable', event: { id: 'e1', name: 'validate_check', time: '2026-03-15T10:20:30Z' } };

it('announces that the bare form named no token, instead of failing again and again', async () => {
  const publish = vi.fn<Publish>();
  const runtime = { step: {}, publish, environment: { RESULTS_BUS_NAME: 'results' } } as unknown as Runtime;
  await actionHandler(disable, () => runtime)({ ...BARE, serials: '' }, {} as Context);
  expect(publish).toHaveBeenCalledOnce();
  const detail = publish.mock.calls[0]?.[0][0]?.Detail ?? '';
  expect(JSON.parse(detail)).toMatchObject({ status: 'skipped', serial: null, reason: { code: 'no_token' } });
});
