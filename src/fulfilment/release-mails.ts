import { createHash } from 'node:crypto';
import type { Release } from '../contract/connector.ts';
import type { PlannedStep } from '../contract/plan.ts';
import type { FileGrant, Store } from '../storage/store.ts';

/** A version that an account's catalogue has, with the versions that came before. */
export interface AccountRelease extends Release {
  readonly account: string;
  /** When the other versions of the file were released, by their names. */
  readonly others: ReadonlyMap<string, Date>;
}

/** Somebody who is told of a new version. */
export interface ReleaseReceiver {
  readonly orderId: string;
  readonly email: string;
  readonly step: PlannedStep;
}

const page = 500;

/**
 * The mails about a new version: one for each buyer who may fetch it and had an older one, however many orders brought it. Their
 * keys name buyer and version, so nobody is told twice, whenever this is asked again.
 */
export async function planReleaseMails(
  store: Pick<Store, 'fileGrants' | 'findOrder'>,
  release: AccountRelease,
): Promise<readonly ReleaseReceiver[]> {
  const receivers = new Map<string, ReleaseReceiver>();
  for await (const given of grantsOf(store, release)) {
    if (!isEntitled(given, release)) continue;
    const record = await store.findOrder(given.orderId);
    const grant = record?.grants.find(({ id }) => id === given.grantId);
    const email = record?.order.buyer.email;
    if (!record || grant?.wanted !== 'granted' || email === undefined || email === '') continue;
    const step = mailStep(given, release, email.toLowerCase(), grant.line, record.order.configVersion);
    if (!receivers.has(step.key)) receivers.set(step.key, { orderId: given.orderId, email, step });
  }
  return [...receivers.values()];
}

async function* grantsOf(store: Pick<Store, 'fileGrants'>, { account, file }: AccountRelease): AsyncGenerator<FileGrant> {
  for (let after: string | undefined; ;) {
    const some = await store.fileGrants(account, file, page, after);
    yield* some;
    after = some.at(-1)?.grantId;
    if (some.length < page) return;
  }
}

/** Who bought this version or a newer one has it already. */
function isEntitled({ version, updatesUntil = 0 }: FileGrant, release: AccountRelease): boolean {
  const own = release.others.get(version);
  const isNewer = version !== release.version && (own === undefined || own <= release.releasedAt);
  return isNewer && release.releasedAt.getTime() <= updatesUntil;
}

function mailStep(
  { orderId, grantId }: FileGrant,
  { account, file, version, notes = '' }: AccountRelease,
  email: string,
  line: number,
  configVersion: string,
): PlannedStep {
  const buyer = createHash('sha256').update(email).digest('base64url').slice(0, 22);
  return {
    key: `mail/release/${account}/${file}/${version}/${buyer}`,
    orderId,
    verb: 'mail',
    action: 'release',
    account: 'mail',
    input: { kind: 'release', outcome: 'paid', lines: [line], about: { grantId, version, notes } },
    after: [],
    configVersion,
  };
}
