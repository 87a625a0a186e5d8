const mostRemembered = 10_000;

/** When the newest callback of an order came in, of those this process read. */
export function createReceipts(): {
  note(orders: readonly string[], receivedAt: number): void;
  /** Milliseconds since 1970: when the callback came that planned a step at `plannedAt`. */
  of(order: string, plannedAt: number): number;
} {
  const received = new Map<string, number>();
  return {
    note(orders, receivedAt) {
      for (const order of orders) {
        received.delete(order);
        received.set(order, receivedAt);
      }
      for (const oldest of received.keys()) {
        if (received.size <= mostRemembered) break;
        received.delete(oldest);
      }
    },
    of: (order, plannedAt) => Math.min(received.get(order) ?? plannedAt, plannedAt),
  };
}
