/** Which order made an account, as far as this process has seen: the further grants of the order may sign its buyer in, too. */
const makers = new Map<string, string>();

const most = 10_000;

/** `baseUrl` names the system, `userId` the account there. */
export function noteMaker(baseUrl: string, userId: number | string, orderId: string): void {
  const [oldest] = makers.keys();
  if (makers.size >= most && oldest !== undefined) makers.delete(oldest);
  makers.set(`${baseUrl} ${userId}`, orderId);
}

export function isMadeBy(baseUrl: string, userId: number | string, orderId: string): boolean {
  return makers.get(`${baseUrl} ${userId}`) === orderId;
}
