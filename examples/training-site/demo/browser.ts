import { toText } from './to-text.ts';

/** An order page as its JSON form tells it, as far as the demo looks at it. */
export interface OrderPage {
  readonly order: string;
  readonly url: string;
  readonly outcome: string;
  readonly total: { readonly text: string };
  readonly items: readonly {
    readonly title: string;
    readonly quantity: number;
    readonly grants: readonly {
      readonly name: string;
      readonly state: string;
      readonly outputs: Readonly<Record<string, { readonly values: readonly string[] }>>;
    }[];
  }[];
}

/** The payment page that the home page's form leads to. */
export function paymentPage(baseUrl: string, cart: Readonly<Record<string, number>>): string {
  const query = new URLSearchParams(
    Object.entries(cart).map(([sku, quantity]): [string, string] => [`of:${sku}`, String(quantity)]),
  );
  return `${baseUrl}/sandbox/pay?${query.toString()}`;
}

/** Opens a page and presses one button of its form, as a browser does without script. Gives the address it is sent on to. */
export async function press(page: string, button: { readonly name: string; readonly value: string }): Promise<string> {
  const html = await (await get(page)).text();
  const [, action] = /<form method="post" action="([^"]+)">/.exec(html) ?? [];
  if (action === undefined) throw new Error(`${page} shows no form:\n${toText(html)}`);
  const form = new URLSearchParams(fieldsOf(html));
  form.set(button.name, button.value);
  const answer = await fetch(new URL(action, page), { method: 'POST', body: form, redirect: 'manual' });
  const location = answer.headers.get('location');
  if (location === null)
    throw new Error(`The form of ${page} was answered with ${answer.status}:\n${toText(await answer.text())}`);
  return new URL(location, page).href;
}

/** The address a redirect leads to; undefined while the page itself has something to say. */
export async function whereTo(address: string): Promise<string | undefined> {
  const answer = await fetch(address, { redirect: 'manual', headers: { accept: 'application/json' } });
  await answer.arrayBuffer();
  return answer.headers.get('location') ?? undefined;
}

export async function readOrder(address: string): Promise<OrderPage> {
  return (await (await get(address, 'application/json')).json()) as OrderPage;
}

export async function readPage(address: string): Promise<string> {
  return toText(await (await get(address)).text());
}

async function get(address: string, accept = 'text/html'): Promise<Response> {
  const answer = await fetch(address, { headers: { accept } });
  if (!answer.ok) throw new Error(`${address} was answered with ${answer.status}:\n${toText(await answer.text())}`);
  return answer;
}

function fieldsOf(html: string): [string, string][] {
  return [...html.matchAll(/<input [^>]*>/g)].flatMap(([tag]): [string, string][] => {
    const [name, value] = ['name', 'value'].map((attribute) => new RegExp(` ${attribute}="([^"]*)"`).exec(tag)?.[1]);
    return name === undefined ? [] : [[name, toText(value ?? '')]];
  });
}
