/** What a store needs to stay small and to forget buyers: what was emptied and looked through, and which callback told an event. */
export const upkeep = `
ALTER TABLE callbacks ADD COLUMN emptied_at bigint;  -- since when its body and headers are gone
ALTER TABLE orders ADD COLUMN thinned_at bigint;     -- when it was looked through since it last changed
ALTER TABLE events ADD COLUMN callback_id bigint;
CREATE INDEX callbacks_to_empty ON callbacks (settled_at, id) WHERE state IN ('done', 'ignored') AND emptied_at IS NULL;
CREATE INDEX orders_to_thin ON orders (updated_at, id) WHERE thinned_at IS NULL;
-- For what asks since when steps are open, and for nobody else: a claim that took it would read all that is open.
DROP INDEX steps_since;
CREATE INDEX steps_since ON steps (scheduled_at) WHERE state IN ('ready', 'waiting', 'running') AND scheduled_at > 0;
`;
