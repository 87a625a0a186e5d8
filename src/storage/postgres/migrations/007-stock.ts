import { text } from './001-first-tables.ts';

/** Who holds how many units of what: orders, line by line, and carts whose payment is being begun. */
export const stock = `
CREATE TABLE stock_draws (
  holder ${text} NOT NULL,       -- an order's number, or a cart's reference
  line integer NOT NULL,
  sku ${text} NOT NULL,
  units integer NOT NULL,
  state ${text} NOT NULL CHECK (state IN ('cart', 'reserved', 'sold', 'short')),
  expires_at bigint,           -- set: it counts until then
  PRIMARY KEY (holder, line)
);

CREATE INDEX stock_draws_by_sku ON stock_draws (sku);
`;
