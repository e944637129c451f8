/** Raises the front door's events: runs the definitions of `pre` ones at once, puts `post` ones on the bus. */
import { channel } from 'node:diagnostics_channel';
import { badParameter } from '../auth-api/fault.ts';
import type { AuthEvents, RaisedEvent } from '../auth-api/serve.ts';
import type { SendDeadLetter } from '../aws/dead-letter-sender.ts';
import { parseAuthEvent } from '../event/auth-event.ts';
import type { Publish } from '../event/publish.ts';
import { describeError } from '../schema/validate.ts';
import { count, logger } from './observe.ts';
import { runPreDefinitions } from './pre-definitions.ts';
import type { Runtime } from './runtime.ts';

/** Publishes each event within this process: `tokenwright run` prints them. */
const raised = channel('tokenwright.auth-event');

/** Makes the tools that raise events. @param sendDeadLetter keeps the events that the bus did not take */
export function authEvents(runtime: Runtime, sendDeadLetter: SendDeadLetter): AuthEvents {
  return {
    async pre(event) {
      const parsed = parseAuthEvent(event);
      if (!parsed.ok) throw badParameter(parsed.errors.map(describeError).join('; '));
      raised.publish(event);
      await runPreDefinitions(parsed.value, runtime);
    },
    async post(event) {
      raised.publish(event);
      try {
        await put(event, runtime);
        count('AuthEventsRaised');
      } catch (error) {
        logger.error('the bus did not take an event: it is among the dead letters', { event_id: event.id, error });
        count('AuthEventsUndelivered');
        const attributes = { ERROR_CODE: 'undelivered', ERROR_MESSAGE: 'the bus did not take the event' };
        // In the form of dispatch's dead letters: the event, and its arrival.
        await sendDeadLetter({ body: JSON.stringify({ event, arrived: event.time }), attributes });
      }
    },
  };
}

function put(event: RaisedEvent, { publish, environment }: Pick<Runtime, 'environment'> & { publish: Publish }) {
  const { source, detail, time } = event;
  const entry = { EventBusName: environment.BUS_NAME, Source: source, DetailType: event['detail-type'] };
  return publish([{ ...entry, Time: new Date(time), Detail: JSON.stringify(detail) }]);
}
