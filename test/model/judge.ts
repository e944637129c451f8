/**
 * Compares the outcomes and tokens of a stack with the model. If one event is under way at a time, every verdict is predicted.
 * If there are several, a verdict may depend on their order, but it must be one that the model can explain; and the tokens
 * must be the result of the steps that were done.
 */
import assert from 'node:assert/strict';
import {
  type Announced,
  definitionsOf,
  isOnTokens,
  keyOf,
  normal,
  openAnnouncements,
  type Summary,
} from './announcements.ts';
import { type Answer, openAnswers } from './answers.ts';
import { openEnrolments } from './enrolments.ts';
import { isSuperseded, type ModelStep, tokenAfter } from './history.ts';
import { type ModelToken, manualOf } from './manual.ts';
import { openRuns } from './runs.ts';
import { decide, type Verdict } from './verdict.ts';
import { DAY, NOW, OWNER, type World, type WorldDefinition, type WorldEvent } from './world.ts';

/** The observations of a round. */
export interface Heard {
  readonly outcomes: readonly Announced[];
  readonly summaries: readonly Summary[];
  /** The answers to the sender, if it waits for them. */
  readonly answers: readonly Answer[];
  /** The serials of the user's tokens. */
  readonly owned: readonly string[];
}

export function openJudge(world: World) {
  const announcements = openAnnouncements(world);
  const { starts, histories, announced, applied, note, advance } = announcements;
  const enrolments = openEnrolments(world);
  const runs = openRuns(world, announcements);
  const asked = openAnswers(world, announcements);

  const foretell = (event: WorldEvent): Map<string, Verdict> => {
    const verdicts = new Map<string, Verdict>();
    for (const serial of event.serials) {
      const start = starts.get(serial);
      const history = [...(histories.get(serial) ?? [])];
      const slip = slipOf(world, event);
      for (const [i, definition] of slip.entries()) {
        const key = keyOf(event.id, definition.id, serial);
        const known = announced.get(key)?.find(({ status }) => status === 'done');
        if (known) {
          verdicts.set(key, { status: 'done', code: null, changes: normal(known.changes) });
          continue;
        }
        const laterDone = slip.slice(i + 1).some((later) => applied(serial, event.id, later.id));
        const verdict = laterDone ? null : decide(start, history, { event, definition });
        verdicts.set(key, verdict);
        if (verdict?.status === 'done') history.push({ event, definition });
        if (verdict?.status === 'failed' && definition.abort_on_error) break;
      }
    }
    return verdicts;
  };

  const judgeExactly = (event: WorldEvent, fresh: readonly Announced[]): void => {
    const verdicts = foretell(event);
    for (const outcome of fresh) note(outcome);
    for (const [key, verdict] of verdicts) {
      const said = fresh.filter((one) => keyOf(one.event.id, one.definition?.id, one.serial) === key);
      if (verdict) assert.ok(said.length > 0, `${key} is announced`);
      else assert.equal(said.length, 0, `${key} is not decided again`);
      for (const outcome of said) {
        const { status, reason, changes } = outcome;
        const expected = { status: verdict?.status, code: verdict?.code, changes: changes && verdict?.changes };
        assert.deepEqual({ status, code: reason?.code ?? null, changes: normal(changes) }, expected, key);
      }
    }
    for (const { event: about, definition, serial } of fresh) {
      const key = keyOf(about.id, definition?.id, serial);
      assert.ok(verdicts.has(key), `${key} was to be announced`);
    }
  };

  const judgeLoosely = (events: readonly WorldEvent[], fresh: readonly Announced[]): void => {
    for (const outcome of fresh) {
      const { event: about, definition, serial, reason } = outcome;
      const event = events.find(({ id }) => id === about.id);
      const step = event && slipOf(world, event).find(({ id }) => id === definition?.id);
      const key = keyOf(about.id, definition?.id, serial);
      assert.ok(event && step, `${key} was to be announced`);
      if (!event.user)
        assert.ok(serial !== null && event.serials.includes(serial), `${key} is about a token of the event`);
      note(outcome);
      if (reason) assert.ok(mayBe(reason.code, { event, definition: step }, serial), `${key} may be ${reason.code}`);
    }
    for (const event of events) {
      const serials = event.user ? [] : event.serials;
      if (event.user && events.length === 1) requireSameTokens(event, fresh);
      for (const serial of serials) requireAll(event, serial);
      if (event.user && !slipOf(world, event).some(({ abort_on_error }) => abort_on_error)) requireAny(event);
    }
  };

  const requireAll = (event: WorldEvent, serial: string): void => {
    for (const { id, abort_on_error } of slipOf(world, event)) {
      const said = announced.get(keyOf(event.id, id, serial)) ?? [];
      assert.ok(said.length > 0, `${keyOf(event.id, id, serial)} is announced`);
      if (abort_on_error && said.some(({ status }) => status === 'failed')) return;
    }
  };

  /** Checks that each definition acts on the same tokens, however often the event is delivered. */
  const requireSameTokens = (event: WorldEvent, fresh: readonly Announced[]): void => {
    for (const { id } of slipOf(world, event)) {
      const serials = new Set(fresh.filter(({ definition }) => definition?.id === id).map(({ serial }) => serial));
      assert.ok(serials.size === 1 || !serials.has(null), `${event.id}/${id} has a token or none`);
    }
  };

  const requireAny = (event: WorldEvent): void => {
    for (const { id } of slipOf(world, event)) {
      const about = [null, ...starts.keys()].map((serial) => keyOf(event.id, id, serial));
      assert.ok(
        about.some((key) => announced.has(key)),
        `${event.id}/${id} is announced`,
      );
    }
  };

  /** Tells whether a verdict is possible in some order of the events. */
  const mayBe = (code: string, step: ModelStep, serial: string | null): boolean => {
    const { event, definition } = step;
    const start = starts.get(serial ?? '');
    const history = histories.get(serial ?? '') ?? [];
    switch (code) {
      case 'condition':
        return Object.keys(definition.conditions).length > 0;
      case 'no_token':
        return event.user && serial === null;
      case 'superseded':
        return true; // accounted for when the round is over
      case 'unknown_token':
        return start === undefined || world.definitions.some(({ action }) => action === 'delete');
      case 'bad_time':
        return event.time > NOW + 300_000;
      case 'too_old':
        return start !== undefined && mayBeTooOld(event, [...history, ...hoped(serial)]);
      case 'token_revoked':
        return start?.revoked === true && !manualOf(definition).onRevoked;
      default:
        return code === manualOf(definition).refuses?.(definition.options);
    }
  };

  /** The steps that this round has announced as done; they may raise a watermark. */
  const hoped = (serial: string | null): ModelStep[] =>
    world.rounds.flat().flatMap((event) =>
      definitionsOf(world, event)
        .filter(({ id }) => announced.get(keyOf(event.id, id, serial))?.some(({ status }) => status === 'done'))
        .map((definition) => ({ event, definition })),
    );

  const judgeSteps = (): void => {
    for (const [key, list] of announced) {
      const done = list.filter(({ status }) => status === 'done');
      const contents = new Set(
        done.filter(({ changes }) => changes).map(({ changes }) => JSON.stringify(normal(changes))),
      );
      assert.ok(contents.size <= 1, `${key} is always announced with the same changes: ${[...contents].join(' / ')}`);
      const pins = new Set(done.flatMap(({ response }) => (response?.detail.pin ? [response.detail.pin] : [])));
      assert.ok(pins.size <= 1, `${key} is always announced with the same PIN`);
    }
  };

  const judgeSuperseded = (events: readonly WorldEvent[]): void => {
    for (const event of events) {
      for (const definition of definitionsOf(world, event)) {
        for (const [serial, history] of histories) {
          const list = announced.get(keyOf(event.id, definition.id, serial)) ?? [];
          const start = starts.get(serial);
          if (!start || !list.some(({ reason }) => reason?.code === 'superseded')) continue;
          if (applied(serial, event.id, definition.id)) continue;
          const justified = isSuperseded(start, history, { event, definition });
          assert.ok(justified, `${keyOf(event.id, definition.id, serial)} is superseded by a younger one`);
        }
      }
    }
  };

  const judgeTokens = (tokens: ReadonlyMap<string, ModelToken>): void => {
    for (const [serial, start] of starts) {
      const unsure = unsureSteps(serial);
      const possible = subsets(unsure).map((some) =>
        shown(tokenAfter(start, [...(histories.get(serial) ?? []), ...some])),
      );
      const actual = shown(tokens.get(serial));
      if (possible.some((one) => JSON.stringify(one) === JSON.stringify(actual))) continue;
      assert.deepEqual(actual, possible[0], `the token ${serial}`);
    }
  };

  /** Steps that were refused as too old and never announced as done: they may have been done. */
  const unsureSteps = (serial: string): ModelStep[] =>
    world.rounds.flat().flatMap((event) =>
      definitionsOf(world, event)
        .filter(({ id }) => {
          const list = announced.get(keyOf(event.id, id, serial)) ?? [];
          return list.some(({ reason }) => reason?.code === 'too_old') && !applied(serial, event.id, id);
        })
        .map((definition) => ({ event, definition })),
    );

  return {
    /** @throws AssertionError */
    judge(
      events: readonly WorldEvent[],
      { outcomes, summaries, answers, owned }: Heard,
      tokens: ReadonlyMap<string, ModelToken>,
    ): void {
      const ofRuns = outcomes.filter((outcome) => runs.isOne(outcome));
      const ofEnrolments = outcomes.filter((outcome) => enrolments.isOne(outcome));
      const fresh = outcomes.filter((outcome) => !ofRuns.includes(outcome) && !ofEnrolments.includes(outcome));
      const [only, ...more] = events;
      const isBusy = world.rounds.flat().length > 8;
      if (only && more.length === 0 && !only.user && !isBusy) judgeExactly(only, fresh);
      else judgeLoosely(events, fresh);
      runs.judge(events, ofRuns, summaries);
      enrolments.judge(events, ofEnrolments, owned, tokens);
      judgeSteps();
      advance(events);
      if (only) asked.judge(only, answers);
      judgeSuperseded(events);
      judgeTokens(tokens);
    },
  };
}

/** Returns the definitions of an event that act on its tokens. */
function slipOf(world: World, event: WorldEvent): WorldDefinition[] {
  return definitionsOf(world, event).filter(isOnTokens);
}

/** Returns the low watermark: the time of a dropped entry, older than four days and not among the newest twenty. */
function mayBeTooOld(event: WorldEvent, done: readonly ModelStep[]): boolean {
  const times = done.map((step) => step.event.time).sort((a, b) => b - a);
  const newestDropped = times[20];
  return event.time < NOW - 4 * DAY && newestDropped !== undefined && event.time <= newestDropped;
}

function shown(token: ModelToken | undefined): object {
  if (token === undefined || token.deleted) return { deleted: true };
  const info = Object.fromEntries(Object.entries(token.info).sort(([a], [b]) => (a < b ? -1 : 1)));
  const user = token.user && { login: token.user.login, realm: OWNER.realm };
  const { active, revoked, description, failcount, maxfail, count_window, pin_set } = token;
  const sets = { realms: [...token.realms].sort(), tokengroups: [...token.tokengroups].sort() };
  return { active, revoked, description, failcount, maxfail, count_window, pin_set, user, ...sets, info };
}

function subsets<T>(list: readonly T[]): T[][] {
  const most = list.slice(0, 8);
  return Array.from({ length: 2 ** most.length }, (_, bits) => most.filter((_one, i) => (bits >> i) & 1));
}
