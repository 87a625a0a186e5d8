import { formatMoney } from 'handover/contract';
import type { CatalogueItem } from './catalogue.ts';

/** The site's own home page: plain HTML and one form. Handover has no part in it. */
export function homePage(catalogue: readonly CatalogueItem[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ada Training</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><img src="/logo.png" alt="Ada Training" height="40"></header>
<main>
<h1>Learn something this week</h1>
<p>A course opens, and a key is yours, the moment your bank says yes.</p>
<form method="get" action="/shop/sandbox/pay">
${catalogue.map(card).join('\n')}
<p class="actions">
<button>Pay in the sandbox</button>
<button class="second" formmethod="post" formaction="/checkout">Pay by card</button>
</p>
<p class="small">Choose several at once if you like. In the sandbox no money moves, and you decide what the bank says.</p>
</form>
</main>
<footer>Ada Training, 1 Example Street, Exampletown</footer>
</body>
</html>
`;
}

function card({ sku, title, description, price }: CatalogueItem): string {
  return `<article>
<div><h2>${escape(title)}</h2><p>${escape(description)}</p></div>
<p class="price">${escape(formatMoney(price))}</p>
<label>How many <input type="number" name="of:${escape(sku)}" min="0" max="99" value="0" inputmode="numeric"></label>
</article>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
