import { HandoverError } from '../contract/errors.ts';
import { loadShop, openSealer, withStore } from './open-shop.ts';
import type { Command } from './command.ts';
import { readPlace, type Place } from './place.ts';

/** What is kept about one person. */
export const buyerExport: Command = {
  name: 'buyer export',
  summary: 'Prints everything that is kept about a buyer, as JSON',
  details: [
    "Orders with their events, steps, grants and history, mails sent, keys, and callbacks that name the address. Orders in which the\nperson only learns are marked: they hold the buyer's data too.",
    'Keys and passwords are left out; --with-keys opens them, for the person they belong to.',
  ],
  operands: [{ name: 'E-MAIL' }],
  options: { 'with-keys': { summary: 'Also the keys and passwords themselves' } },
  examples: ['npx handover buyer export ada@example.org > ada.json'],

  async run(input, terminal) {
    const place = readPlace(input);
    const email = input.operands[0] ?? '';
    const { exportBuyer } = await import('../wiring/buyer-data.ts');
    const found = await withStore(place, (store) => exportBuyer(store, email));
    if (found.orders.length === 0 && found.callbacks.length === 0) throw buyerUnknown(email);
    const show = input.has('with-keys') ? await opener(place) : () => '(sealed)';
    terminal.printJson(withoutMemos(openSealed(found, show)));
    return 0;
  },
};

export function buyerUnknown(email: string): HandoverError {
  return new HandoverError('BUYER_NOT_FOUND', `Nothing is kept about "${email}".`, {
    hint: "Give the buyer's whole e-mail address, as in the order: npx handover orders --find TEXT",
  });
}

async function opener(place: Place): Promise<(sealed: string) => string> {
  const sealer = await openSealer(place, await loadShop(place));
  return (sealed) => {
    try {
      return sealer.open(sealed);
    } catch {
      return '(cannot be opened)';
    }
  };
}

/** Keys and passwords, wherever they stand, are texts of the sealer's form. */
function openSealed(value: unknown, show: (sealed: string) => string): unknown {
  if (typeof value === 'string') return /^v1\.[\w-]+\.[\w-]+\.[\w-]+\.[\w-]*$/.test(value) ? show(value) : value;
  if (Array.isArray(value)) return value.map((each) => openSealed(each, show));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, openSealed(each, show)]));
}

/** What an attempt noted for the next one is ours, and sealed. */
function withoutMemos(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (name, each: unknown) => (name === 'memo' ? undefined : each))) as unknown;
}
