import { giveUp } from '../contract/errors.ts';
import type { PaymentEvent } from '../contract/event.ts';
import { defineGateway, refused, type Finding } from '../contract/gateway.ts';
import { defaultDueDays, defaultGraceDays, offlineOptions, type OfflineOptions } from './offline/options.ts';
import { labelOf, instructionsFor } from './offline/instructions.ts';
import { isIban, referenceOf } from './offline/reference.ts';
import { billed } from './own-lines.ts';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Money that no machine reports: a bank transfer, cash to the courier, an invoice, a purchase order. The order is placed at
 * once and waits; staff say what came (`offline/receipts.ts`), by hand or from a bank statement. There is no signature, so who
 * confirmed is the evidence, and no callback of this gateway is ever believed.
 */
export const offline = defineGateway<OfflineOptions>({
  name: 'offline',
  summary: 'Offline: bank transfer, cash, invoice or purchase order, confirmed by staff',
  options: offlineOptions,
  needsBuyer: true,

  verify: () => refused('NO_CALLBACKS', 'Offline payments are confirmed by staff, not by callbacks.'),
  read: () => Promise.resolve({ ignored: 'Offline payments are confirmed by staff, not by callbacks.' }),

  methods: ({ options }) => Object.entries(options.methods).map(([name, method]) => ({ name, label: labelOf(name, method) })),

  checkout(cart, { name, mode, now, options }) {
    const wanted = cart.method ?? Object.keys(options.methods)[0] ?? '';
    const method = Object.hasOwn(options.methods, wanted) ? options.methods[wanted] : undefined;
    if (!method) throw giveUp('METHOD_UNKNOWN', `The gateway "${name}" has no method "${wanted}".`);
    const purchase = referenceOf(cart.reference);
    const at = now();
    const dueMs = at.getTime() + (method.dueDays ?? defaultDueDays) * dayMs;
    const ordered: PaymentEvent = {
      kind: 'payment.pending',
      gateway: name,
      id: `${purchase}:ordered`,
      at: at.toISOString(),
      purchase,
      payment: purchase,
      mode,
      amount: cart.total,
      remindAt: new Date(dueMs).toISOString(),
      until: new Date(dueMs + (method.graceDays ?? defaultGraceDays) * dayMs).toISOString(),
      lines: billed(cart),
      buyer: cart.buyer,
      ...(cart.language !== undefined && { language: cart.language }),
      metadata: { ...cart.metadata, method: wanted },
    };
    return Promise.resolve({ kind: 'placed', purchase, events: [ordered] });
  },

  instructions: (order, { options }) => instructionsFor(order, options),

  check: ({ options }) => Promise.resolve(Object.entries(options.methods).map(([name, { iban }]) => checkMethod(name, iban))),
});

function checkMethod(name: string, iban: string | undefined): Finding {
  if (iban === undefined || isIban(iban)) return { ok: true, message: `Orders by "${name}" are taken; staff confirm the money.` };
  return {
    ok: false,
    message: `The IBAN of "${name}" is mistyped: its check digits do not fit.`,
    hint: 'Compare it with the papers of your bank.',
  };
}
