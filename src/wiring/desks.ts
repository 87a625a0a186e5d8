import type { StepTerms } from '../contract/plan.ts';
import { markOf } from '../presentation/holder-mark.ts';
import type { ActionContext } from '../contract/connector.ts';
import { createActivationDesk } from '../fulfilment/activation-desk.ts';
import { createFileShelf } from '../fulfilment/file-shelf.ts';
import { createTaskDesk } from '../fulfilment/task-desk.ts';
import type { Store } from '../storage/store.ts';
import type { Catalogues } from './catalogues.ts';
import type { Edition } from './edition.ts';

/** What an action is handed for its own grant: files, keys that software asks about, people. */
export type Desks = Pick<ActionContext, 'files' | 'activations' | 'tasks'>;

/** The step or click they are for. */
export interface DeskUser {
  readonly key: string;
  readonly orderId: string;
  readonly account: string;
  readonly grantId?: string;
  readonly line?: number;
  readonly terms?: StepTerms;
}

export interface DeskParts {
  readonly store: Store;
  readonly sealer: { fingerprint(text: string): string };
  edition(): Edition;
  readonly catalogues: Pick<Catalogues, 'newest'>;
}

export function createDesks(parts: DeskParts): (user: DeskUser) => Desks {
  const { store, sealer, catalogues } = parts;
  return ({ key, orderId, account, line, terms, grantId = key }) => ({
    files: createFileShelf(
      { orderId, grantId, account },
      {
        store,
        fileLink: (order, grant, version, days) =>
          parts.edition().links.file(order, grant, version, days, markOf(grant, terms?.learner?.email)),
      },
    ),
    activations: createActivationDesk(grantId, { store, sealer }),
    tasks: createTaskDesk(
      { key, orderId, ...(line !== undefined && { line }) },
      { store, owner: () => catalogues.newest().site.owner.email, configVersion: () => catalogues.newest().version },
    ),
  });
}
