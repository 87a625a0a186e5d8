import { setTimeout as delay } from 'node:timers/promises';
import { accepted, defineAction, defineConnector, defineGateway, giveUp, tryLater } from '../../src/contract/index.ts';
import type { Connector, Gateway, PaymentEvent } from '../../src/contract/index.ts';

/** What a site hands to `handover()` beside its files; the command line gets it by `--with`. */

/** Callbacks that are events as JSON. One whose `reason` is `illegible` cannot be read, until somebody has written it anew. */
const paper = defineGateway<unknown>({
  name: 'paper',
  summary: 'Slips of paper',
  options: { type: 'object', additionalProperties: false, properties: {} },
  verify: ({ body }) => accepted(eventIn(body).id),
  read: async ({ body }) => {
    const event = eventIn(body);
    if (event.reason === 'illegible' && !legible.has(event.id)) throw giveUp('ILLEGIBLE', 'The slip cannot be read.');
    return { events: [event] };
  },
  check: () => Promise.resolve([{ ok: true, message: 'There is paper.' }]),
});

/** Slips that somebody has written anew. */
export const legible = new Set<string>();
/** Courses that somebody has opened. */
export const opened = new Set<string>();

const desk = defineConnector<{ secret?: string }>({
  name: 'desk',
  summary: 'A desk with a person behind it',
  options: { type: 'object', additionalProperties: false, properties: { secret: { type: 'string', secret: true } } },
  actions: {
    enrol: defineAction<{ course: string }, { room: string }>({
      summary: 'Enrol',
      repeats: 'set',
      input: { type: 'object', required: ['course'], properties: { course: { type: 'string' } } },
      output: { room: { description: 'Where it is.' } },
      async grant({ course }) {
        if (course.startsWith('closed') && !opened.has(course))
          throw giveUp('COURSE_CLOSED', `The course ${course} is closed.`, { hint: 'Open it.' });
        return { room: `room of ${course}` };
      },
    }),
    issue: defineAction<Record<string, never>, { key: string }>({
      summary: 'Issue a key',
      repeats: 'blind',
      input: { type: 'object', properties: {} },
      output: { key: { description: 'The key.', secret: true } },
      async grant() {
        throw tryLater('DESK_SILENT', 'The desk does not answer.', { unknown: true });
      },
    }),
  },
  pools: () => [{ name: 'pro-keys', lowStock: 3 }],
  async check({ used, keys }) {
    await delay(1);
    const closed = used.filter(({ input }) => String(input['course']).startsWith('closed'));
    return [
      { ok: true, message: `The desk is staffed; ${await keys.left('pro-keys')} keys are in the drawer.` },
      ...closed.map(({ sku, action }) => ({
        ok: false,
        message: `${sku}: ${action} leads to a closed course.`,
        hint: 'Open it.',
      })),
    ];
  },
});

export const gateways = [paper] as readonly Gateway[];
export const connectors = [desk] as unknown as readonly Connector[];

function eventIn(body: Uint8Array): PaymentEvent {
  return JSON.parse(Buffer.from(body).toString('utf8')) as PaymentEvent;
}
