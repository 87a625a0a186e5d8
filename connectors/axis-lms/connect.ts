import { legacyApi } from './legacy.ts';
import { settingsOf } from './options.ts';
import type { Connect } from './port.ts';
import { restApi } from './rest.ts';

/** The interface that the account's options name. */
export const connectAxis: Connect = (context) =>
  settingsOf(context.options).api === 'legacy' ? legacyApi(context) : restApi(context);
