import type { Step } from '../../../src/contract/index.ts';
import type { Store } from '../../../src/storage/store.ts';
import type { Book, Item } from './target.ts';

/**
 * What staff do with everything that is parked, as the hints say: look at the other side, do there what is missing, and say so. A
 * task stays: nobody has told what it asks. Gives how much there was to do.
 */
export async function lookInto(
  store: Store,
  book: Book,
  tell: (what: string) => void,
  step: () => Promise<boolean>,
): Promise<number> {
  const settled = async <T>(promise: Promise<T>): Promise<T> => {
    const state = { isSettled: false };
    const end = (): void => void (state.isSettled = true);
    promise.then(end, end);
    while (!state.isSettled && (await step()));
    return promise;
  };
  let done = 0;
  for (const { id } of await settled(store.parkedCallbacks(100))) {
    tell(`has callback ${id} read again`);
    await settled(store.retryCallback(id, 'bo'));
    done += 1;
  }
  for (const parked of await settled(store.parkedSteps(100))) {
    if (parked.verb === 'task') continue;
    tell(`looks into ${parked.key}: ${parked.error?.code ?? ''}`);
    const found = seen(book, parked);
    if (found === 'not done') await settled(store.retryStep(parked.key, 'bo'));
    else await settled(store.markDone(parked.key, 'bo', found));
    done += 1;
  }
  return done;
}

/** What there is to see at the other side, or what was done there by hand. */
function seen(book: Book, { key, verb, grantId, error, terms }: Step): Readonly<Record<string, unknown>> | 'not done' {
  const isUnknown = error?.code === 'GRANT_UNKNOWN' || error?.code === 'GRANT_NOT_RENEWABLE';
  const ofGrant = book.items.filter((item) => item.grant === grantId);
  if (verb === 'grant') {
    const given = ofGrant.find(({ step }) => step === key);
    return given ? { id: given.id } : 'not done';
  }
  if (!isUnknown) return 'not done';
  const last = ofGrant.at(-1) ?? (verb === 'renew' || verb === 'resume' ? book.giveByHand(key, grantId ?? '', terms) : undefined);
  if (last) changeByHand(book, last, verb, terms?.until);
  return (verb === 'renew' || verb === 'resume') && last ? { id: last.id } : {};
}

function changeByHand(book: Book, item: Item, verb: Step['verb'], until: string | undefined): void {
  if (verb === 'revoke') book.items = book.items.filter((each) => each !== item);
  if (verb === 'suspend') item.state = 'suspended';
  if (verb === 'resume') item.state = 'granted';
  if (verb === 'renew') item.until = until;
}
