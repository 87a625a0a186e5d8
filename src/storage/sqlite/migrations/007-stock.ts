/** Who holds how many units of what: orders, line by line, and carts whose payment is being begun. */
export const stock = `
CREATE TABLE stock_draws (
  holder TEXT NOT NULL,        -- an order's number, or a cart's reference
  line INTEGER NOT NULL,
  sku TEXT NOT NULL,
  units INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('cart', 'reserved', 'sold', 'short')),
  expires_at INTEGER,          -- set: it counts until then
  PRIMARY KEY (holder, line)
) STRICT, WITHOUT ROWID;

CREATE INDEX stock_draws_by_sku ON stock_draws (sku);
`;
