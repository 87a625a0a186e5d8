import type { Request, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { ActivationError } from '../activation/activation-error.ts';
import { isEmailAddress } from '../contract/email-address.ts';
import type { Person } from '../contract/event.ts';
import type { HolderView } from '../presentation/holders.ts';
import type { ItemView } from '../presentation/order-view.ts';
import { toJson } from '../responses/page-json.ts';
import type { PlainText } from '../responses/plain-text.ts';
import type { OrderRecord } from '../storage/store.ts';
import { sendJson, sendOn, sendPage, wantsJson } from './answers.ts';
import { orderOf } from './order-page.ts';
import { readFields } from './read-fields.ts';
import { tellUnknown } from './return-page.ts';
import type { SeatHost } from './seats-host.ts';

type Handler = (req: Request, res: Response, token: string) => Promise<void>;

/** Why a change was not made, in words for who asked for it. */
interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const [perAddress, perOrder, windowMs] = [60, 200, 10 * 60_000];

const refusals = {
  tooOften: { status: 429, code: 'SEAT_TOO_OFTEN', message: 'That was a lot at once. Please go on in a few minutes.' },
  elsewhere: { status: 403, code: 'SEAT_ORIGIN', message: 'Another site sent this form. Please use the form on this page.' },
  malformed: { status: 400, code: 'SEAT_MALFORMED', message: 'The form was not complete. Please try again.' },
  unknown: { status: 422, code: 'SEAT_UNKNOWN', message: 'There is nothing to hand out here.' },
  noPerson: { status: 422, code: 'SEAT_PERSON', message: 'Please give one valid e-mail address.' },
  changed: { status: 409, code: 'SEAT_CHANGED', message: 'This was changed in the meantime. Below you see how it is now.' },
  limit: { status: 422, code: 'SEAT_CHANGES', message: 'This was changed as often as it may be. Please write to us.' },
} as const satisfies Record<string, Refusal>;

/**
 * The seat page's forms, and claim links. The signed address of a page is what permits it: a foreign page does not know it, and
 * there is no cookie that a browser would add. A browser that says the form came from another site is refused besides; our pages
 * hide where they are, so browsers call them `null`.
 */
export function createSeatPages(host: SeatHost): { change: Handler; claim: Handler } {
  const byAddress = limiter(perAddress, (req) => ipKeyGenerator(req.ip ?? ''));
  const byOrder = limiter(perOrder, (_req, res) => String(res.locals['handoverOrder'] ?? ''));

  async function mayGoOn(req: Request, res: Response, orderId: string): Promise<Refusal | undefined> {
    res.locals['handoverOrder'] = orderId;
    const { origin = 'null' } = req.headers;
    if (origin !== 'null' && origin !== new URL(host.site().baseUrl).origin) return refusals.elsewhere;
    return (await byAddress(req, res)) && (await byOrder(req, res)) ? undefined : refusals.tooOften;
  }

  async function change(req: Request, res: Response, token: string): Promise<void> {
    const record = await orderOf(token, host);
    if (!record) return tellUnknown(req, res, host);
    const refusal = (await mayGoOn(req, res, record.order.id)) ?? (await changeSeat(record, await fieldsOf(req), host));
    if (!refusal && !wantsJson(req)) sendOn(res, host.links().page(record.order.id));
    else await showAgain(req, res, record.order.id, refusal, host);
  }

  async function claim(req: Request, res: Response, token: string): Promise<void> {
    const seat = host.readClaim(token);
    const record = seat && (await host.store.findOrder(seat.orderId));
    if (!seat || !record) return tellUnknown(req, res, host);
    const { view } = await host.show(record);
    const item = view.items.find(({ line }) => line === seat.line);
    const unit = item?.holders.find(({ unit: each }) => each === seat.unit);
    const send = async (status: number, text: PlainText): Promise<void> =>
      sendPage(req, res, await host.pages().showText(host.site(), status, text));
    if (!item || unit?.state !== 'free' || unit.changes !== seat.turn) return send(410, usedUp);
    const giver = view.buyer.name;
    if (req.method !== 'POST') return send(200, claimForm(item.title, giver));
    const refusal = await mayGoOn(req, res, record.order.id);
    const fields = await fieldsOf(req);
    const person = personIn(fields);
    if (refusal || !person)
      return send((refusal ?? refusals.noPerson).status, claimForm(item.title, giver, refusal ?? refusals.noPerson));
    const by = { by: 'claim link', because: 'Taken by the link that the buyer passed on.' };
    const isDone = await host.seats.change(record, { ...seat, ...by, person });
    return isDone ? send(200, claimed(item.title, person.email ?? '')) : send(410, usedUp);
  }

  return { change, claim };
}

async function changeSeat(record: OrderRecord, fields: Fields | undefined, host: SeatHost): Promise<Refusal | undefined> {
  if (!fields) return refusals.malformed;
  const found = await findSeat(record, fields, host);
  if (!found) return refusals.unknown;
  const { item, unit } = found;
  if (String(unit.changes) !== fields['turn']) return refusals.changed;
  if (unit.changes >= (item.seats?.changes ?? 0)) return refusals.limit;
  const seat = { line: item.line, unit: unit.unit, turn: unit.changes, by: 'buyer' };
  if (fields['act'] === 'take') {
    if (!unit.holder) return refusals.changed;
    const because = 'Taken back on the order page.';
    return (await host.seats.change(record, { ...seat, because })) ? undefined : refusals.changed;
  }
  if (unit.state !== 'free') return refusals.changed;
  const person = personIn(fields);
  if (!person) return refusals.noPerson;
  const because = 'Handed out on the order page.';
  return (await host.seats.change(record, { ...seat, because, person })) ? undefined : refusals.changed;
}

async function findSeat(
  record: OrderRecord,
  fields: Fields,
  host: SeatHost,
): Promise<{ item: ItemView; unit: HolderView } | undefined> {
  const { view } = await host.show(record);
  const item = view.items.find(({ line, seats }) => seats !== undefined && String(line) === fields['line']);
  const unit = item?.holders.find((each) => String(each.unit) === fields['unit'] && each.state !== 'takenBack');
  return item && unit && { item, unit };
}

/** The order page with what was wrong, or its JSON. */
async function showAgain(
  req: Request,
  res: Response,
  orderId: string,
  refusal: Refusal | undefined,
  host: SeatHost,
): Promise<void> {
  const record = await host.store.findOrder(orderId);
  if (!record) return tellUnknown(req, res, host);
  if (refusal?.status === 429) res.setHeader('Retry-After', '60');
  const shown = await host.show(record);
  if (wantsJson(req)) {
    if (refusal) sendJson(req, res, refusal.status, { error: refusal.code, message: refusal.message });
    else sendJson(req, res, 200, toJson(shown.view, shown.site));
    return;
  }
  const parts = { site: shown.site, product: (sku: string) => shown.product(sku), now: host.now() };
  const problem = refusal?.message;
  const page = await host.pages().showOrder(shown.view, { ...parts, ...(problem !== undefined && { problem }) });
  sendPage(req, res, { ...page, status: refusal?.status ?? page.status });
}

type Fields = Readonly<Record<string, string>>;

async function fieldsOf(req: Request): Promise<Fields | undefined> {
  try {
    const fields = await readFields(req);
    if (typeof fields !== 'object' || fields === null) return undefined;
    return Object.fromEntries(
      Object.entries(fields).flatMap(([name, value]) =>
        typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
      ),
    );
  } catch (error) {
    if (error instanceof ActivationError) return undefined;
    throw error;
  }
}

function personIn(fields: Fields | undefined): Person | undefined {
  const clean = (text = ''): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  const [email, name] = [clean(fields?.['email']), clean(fields?.['name']).slice(0, 200)];
  if (!isEmailAddress(email) || email.length > 254) return undefined;
  return { email, ...(name !== '' && { name }) };
}

/** True while there is room. */
function limiter(
  limit: number,
  keyGenerator: (req: Request, res: Response) => string,
): (req: Request, res: Response) => Promise<boolean> {
  const limited = rateLimit({
    windowMs,
    limit,
    keyGenerator,
    standardHeaders: false,
    legacyHeaders: false,
    validate: false,
    handler: (_req, _res, next) => next(new Error('too often')),
  });
  return (req, res) => new Promise((resolve) => void limited(req, res, (error?: unknown) => resolve(error === undefined)));
}

function claimForm(title: string, giver: string, refusal?: Refusal): PlainText {
  return {
    heading: refusal ? refusal.message : `${title} for you`,
    tone: refusal ? 'bad' : 'good',
    text: `${giver === '' ? 'Somebody' : giver} has paid for ${title} and passes it on to you. Tell us who you are: what you need comes to you by mail.`,
    next: ['This works once. If the address was meant for somebody else, leave it to them.'],
    form: {
      label: 'It is for me',
      fields: [
        { name: 'name', label: 'Name' },
        { name: 'email', label: 'E-mail' },
      ],
    },
  };
}

function claimed(title: string, email: string): PlainText {
  return {
    heading: 'It is yours',
    tone: 'good',
    text: `${title} is being prepared for you. In a moment there is a mail with all you need in your mailbox: ${email}.`,
    next: [],
  };
}

const usedUp: PlainText = {
  heading: 'This link has been used',
  tone: 'neutral',
  text: 'It worked for one person, once, and somebody has taken it, or it was given to somebody else.',
  next: ['If it was you, look for our mail. Else ask the person who sent you the link.'],
};
