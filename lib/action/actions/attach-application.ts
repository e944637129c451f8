/** "attach application": what uses a token beside logins; its options are those that privacyIDEA has for each. */
import * as z from 'zod/mini';
import { integerOption, textOption } from '../../schema/option.ts';
import { applicationPath, type Effect } from '../../token/effect.ts';
import { defineAction } from '../action.ts';

/** Which options belong to which application; every one may be on a machine. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  ssh: ['service_id', 'user'],
  offline: ['count', 'rounds'],
  luks: ['slot', 'partition'],
};
const of = (application: string) => `${application}: `;

const options = z
  .strictObject({
    application: z.enum(['ssh', 'offline', 'luks']).check(z.describe('What uses the token.')),
    'machine ID': z.optional(textOption('The machine; every machine where absent.')),
    service_id: z.optional(textOption(`${of('ssh')}the service.`)),
    user: z.optional(textOption(`${of('ssh')}the user there.`)),
    count: z.optional(integerOption(`${of('offline')}how many passwords are handed out.`, { min: 1 })),
    rounds: z.optional(integerOption(`${of('offline')}the rounds of hashing them.`, { min: 1 })),
    slot: z.optional(integerOption(`${of('luks')}the key slot.`, { min: 0 })),
    partition: z.optional(textOption(`${of('luks')}the partition.`)),
  })
  .check((payload) => {
    const { application, 'machine ID': _, ...given } = payload.value;
    for (const name of Object.keys(given).filter((one) => !OWN[application]?.includes(one))) {
      const message = `"${name}" is no option of ${application}`;
      payload.issues.push({ code: 'custom', message, input: undefined, path: [name] });
    }
  });

export const attachApplication = defineAction({
  name: 'attach application',
  description: 'Attaches an application to the token: ssh, offline or luks.',
  example: { application: 'offline' },
  positions: ['pre', 'post'],
  options,
  change: (_token, given): Effect[] => {
    const application = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
    return [{ kind: 'assign', path: applicationPath(application), value: application }];
  },
});
