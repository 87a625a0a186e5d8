import { createHash } from 'node:crypto';
import { accepted, defineGateway, ignored, refused, type Callback, type Verdict } from '../contract/gateway.ts';
import { eventsIn, factsOf, rulesFor, typeOf } from './signed/events.ts';
import { keysOf, shortestKey } from './signed/keys.ts';
import { readExactJson } from './exact-json.ts';
import { signedOptions, type SignedOptions } from './signed/options.ts';
import { textAt } from './signed/place.ts';
import { faultsOf, profileOf } from './signed/profile-of.ts';
import type { Profile, Scheme } from './signed/profile.ts';
import { lackOfLogin, prove, proveEach } from './signed/proof.ts';
import { trimSecrets } from './signature.ts';

/**
 * Any sender that signs JSON with a shared secret: Standard Webhooks
 * (https://github.com/standard-webhooks/standard-webhooks), a preset, or a profile of the shop's own. What is not in the
 * signed body is not believed: a type named in a header least of all.
 */
export const signed = defineGateway<SignedOptions>({
  name: 'signed',
  summary: 'Signed JSON callbacks: Standard Webhooks, presets for several gateways, or a profile of your own',
  options: signedOptions,

  verify(callback, { options, now }) {
    const profile = profileOf(options);
    const faults = faultsOf(profile);
    if (faults.length > 0)
      return refused('SIGNED_PROFILE_INCOMPLETE', `The gateway is not set up completely: ${faults.join('; ')}.`);
    if (isPing(callback, profile)) return ignored('A ping without signature: the sender tries the address out');
    const { secrets, toleranceSeconds = 300 } = options;
    const lack = lackOfLogin(callback, profile.basicAuth);
    if (lack) return lack;
    const [scheme] = profile.schemes;
    if (scheme?.field !== undefined) return judgeEach(callback, scheme, profile, secrets);
    const proved = prove(callback, profile.schemes, { secrets, toleranceSeconds, now: now() });
    return 'kind' in proved ? proved : judge(callback, proved.id, profile);
  },

  async read(callback, context) {
    const { options, name, mode } = context;
    const profile = profileOf(options);
    const { taxes = 'included' } = options;
    const { deliveryId, receivedAt } = callback;
    const events = messagesOf(callback, profile).flatMap((event) =>
      factsOf(event, profile, { gateway: name, mode, taxes, deliveryId, receivedAt }),
    );
    return events.length > 0 ? { events } : { ignored: 'The callback changes no order.' };
  },

  reply(verdict, callback, { options }) {
    const { reply, partlyStatus } = profileOf(options);
    if (verdict.kind === 'refused') return answerFor(verdict.code);
    if (partlyStatus !== undefined && verdict.kind === 'accepted') {
      const { taken, all } = takenOf(callback, profileOf(options));
      if (taken.length < all) return { status: partlyStatus, headers: plain, body: taken.join('\n') };
    }
    return { status: reply.status ?? 200, ...(reply.body !== undefined && { headers: plain, body: reply.body }) };
  },

  check: async ({ options }) => {
    const profile = profileOf(options);
    const faults = faultsOf(profile).map((fault) => ({ ok: false, message: `The gateway is not set up completely: ${fault}.` }));
    const form = profile.schemes[0]?.key ?? 'text';
    const isUnusable = trimSecrets(options.secrets).some((secret) => keysOf([secret], form).length === 0);
    const hint = 'Copy the secret again as the sender shows it; "signature.key" says how it is written.';
    if (isUnusable)
      faults.push({
        ok: false,
        message: `A secret is shorter than ${shortestKey} bytes or not written as ${form}, so nothing signed with it is believed. ${hint}`,
      });
    return faults.length > 0 ? faults : [{ ok: true, message: 'Callbacks can be proved. The sender itself was not asked.' }];
  },
});

const plain = { 'Content-Type': 'text/plain; charset=utf-8' };

/** A setting that is missing is ours to mend, so the sender is asked to come again. */
function answerFor(code: string): { status: number; headers: Record<string, string>; body: string } | undefined {
  return code === 'SIGNED_PROFILE_INCOMPLETE'
    ? { status: 503, headers: { ...plain, 'Retry-After': '300' }, body: `${code}\n` }
    : undefined;
}

function isPing({ body, headers }: Callback, { ping, schemes }: Profile): boolean {
  const isUnsigned = schemes.every(({ header = '' }) => headers[header.toLowerCase()] === undefined);
  return ping !== undefined && isUnsigned && body.length < 100 && ping.test(Buffer.from(body).toString('latin1'));
}

/** Each event is signed for itself: one that is not makes the whole callback unbelievable. */
function judgeEach(callback: Callback, scheme: Scheme, profile: Profile, secrets: readonly string[]): Verdict {
  const events = messagesOf(callback, profile);
  if (events.length === 0) return refused('SIGNATURE_MISSING', 'The body holds no event, so there is no signature either.');
  return proveEach(events, scheme, { secrets }) ?? judge(callback, undefined, profile);
}

function judge(callback: Callback, signedId: string | undefined, profile: Profile): Verdict {
  const events = messagesOf(callback, profile);
  const [first] = events;
  if (first === undefined) return refused('MALFORMED', 'The callback is genuine, but its body holds no event.');
  if (events.some((event) => rulesFor(event, profile).length > 0))
    return accepted(deliveryOf(callback, events, signedId, profile));
  const type = typeOf(first, profile).slice(0, 60);
  if (type === '') return refused('MALFORMED', 'The callback is genuine, but nothing in its body says of what type it is.');
  return ignored(type === '*' ? 'The callback changes no order' : `${type} changes no order`);
}

function messagesOf({ body }: Pick<Callback, 'body'>, profile: Profile): unknown[] {
  const message = readExactJson(body);
  return message ? eventsIn(message, profile).filter((event) => typeof event === 'object' && event !== null) : [];
}

/** By an id that was signed: in a header that is part of the signed text, or in the body; without one the body names itself. */
function deliveryOf({ body }: Callback, events: readonly unknown[], signedId: string | undefined, profile: Profile): string {
  if (signedId !== undefined) return signedId;
  const { id = [] } = profile;
  const names = events.map((event) => id.map((place) => textAt({ event }, place)));
  const isComplete = id.length > 0 && names.flat().every((name) => name !== undefined);
  const name = names.map((each) => each.join(':')).join(',');
  return isComplete && name.length <= 200
    ? name
    : createHash('sha256')
        .update(isComplete ? name : body)
        .digest('hex');
}

/** The events that could be read for what they are, by their ids; a sender that is told so sends the others again. */
function takenOf(callback: Callback, profile: Profile): { taken: string[]; all: number } {
  const message = readExactJson(callback.body);
  const events = message ? eventsIn(message, profile) : [];
  const taken = events.flatMap((event) => {
    const id = textAt({ event }, profile.id);
    return id !== undefined && typeOf(event, profile) !== '' ? [id] : [];
  });
  return { taken, all: events.length };
}
