import { defineAction, defineConnector } from '../../src/contract/connector.ts';
import { accepted, defineGateway } from '../../src/contract/gateway.ts';

/** A gateway whose callbacks end the process, or never come to an end, when they are read. The body says which. */
export const unrulyGateway = defineGateway({
  name: 'unruly',
  summary: 'Ends or hangs the process',
  testOnly: true,
  options: { type: 'object', properties: {} },
  verify: ({ body }) => accepted(Buffer.from(body).toString()),
  async read({ body }) {
    if (Buffer.from(body).toString().startsWith('kill')) process.kill(process.pid, 'SIGKILL');
    return { ignored: 'It was harmless.' };
  },
});

/** A connector whose action ends the process: by an error thrown where nobody can catch it. */
export const unrulyConnector = defineConnector({
  name: 'unruly',
  summary: 'Ends the process',
  options: { type: 'object', properties: {} },
  actions: {
    grant: defineAction({
      summary: 'Throws late, where nobody can catch it',
      repeats: 'set',
      input: { type: 'object', properties: {} },
      output: {},
      grant: () =>
        new Promise<never>(() => {
          setTimeout(() => {
            throw new Error('An error that a connector throws when nobody waits for it.');
          }, 5);
        }),
    }),
  },
});
