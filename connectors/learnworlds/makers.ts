/** Which order made an account, as far as this process has seen: the further grants of the order may sign its buyer in, too. */
const makers = new Map<string, string>();

const most = 10_000;

export function noteMaker(baseUrl: string, userId: string, orderId: string): void {
  const [oldest] = makers.keys();
  if (makers.size >= most && oldest !== undefined) makers.delete(oldest);
  makers.set(nameOf(baseUrl, userId), orderId);
}

export function isMadeBy(baseUrl: string, userId: string, orderId: string): boolean {
  return makers.get(nameOf(baseUrl, userId)) === orderId;
}

function nameOf(baseUrl: string, userId: string): string {
  return `${baseUrl} ${userId}`;
}
