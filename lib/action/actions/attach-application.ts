/** "attach application": attaches an application other than a login to the token, with privacyIDEA's options for it. */
import * as z from 'zod/mini';
import { integerOption, textOption } from '../../schema/option.ts';
import { applicationPath, type Effect } from '../../token/effect.ts';
import { defineAction } from '../action.ts';

/** Which options belong to which application; `machine ID` belongs to all. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  ssh: ['service_id', 'user'],
  offline: ['count', 'rounds'],
  luks: ['slot', 'partition'],
};
const of = (application: string) => `${application}: `;

const options = z
  .strictObject({
    application: z.enum(['ssh', 'offline', 'luks']).check(z.describe('The application that uses the token.')),
    'machine ID': z.optional(textOption('The machine; absent: every machine.')),
    service_id: z.optional(textOption(`${of('ssh')}the service.`)),
    user: z.optional(textOption(`${of('ssh')}the user on the machine.`)),
    count: z.optional(integerOption(`${of('offline')}the number of passwords to hand out.`, { min: 1 })),
    rounds: z.optional(integerOption(`${of('offline')}the number of rounds to hash them with.`, { min: 1 })),
    slot: z.optional(integerOption(`${of('luks')}the key slot.`, { min: 0 })),
    partition: z.optional(textOption(`${of('luks')}the partition.`)),
  })
  .check((payload) => {
    const { application, 'machine ID': _, ...given } = payload.value;
    for (const name of Object.keys(given).filter((one) => !OWN[application]?.includes(one))) {
      const message = `"${name}" is not an option of ${application}`;
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
