import { StepError } from 'handover/contract';
import type { CheckContext, Finding, OptionProblem } from 'handover/contract';
import type { WebhookOptions } from './options.ts';
import { secretBytes } from './sign.ts';

/** What the schema cannot say: whether the address and the secrets can be used. */
export function problemsOf({ url, secret, allowPrivate = [] }: WebhookOptions): OptionProblem[] {
  const secrets = [secret].flat();
  return [
    ...addressProblems(url, allowPrivate),
    ...secrets.flatMap((one, index): OptionProblem[] =>
      secretBytes(one)
        ? []
        : [
            {
              keys: Array.isArray(secret) ? ['secret', index] : ['secret'],
              message:
                'This must be "whsec_" and 24 to 64 bytes in base64. One is made by: echo "whsec_$(openssl rand -base64 32)"',
            },
          ],
    ),
  ];
}

function addressProblems(address: string, allowPrivate: readonly string[]): OptionProblem[] {
  const fail = (message: string): OptionProblem[] => [{ keys: ['url'], message }];
  if (!URL.canParse(address)) return fail('This is not a web address. Begin with "https://".');
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return fail('A web address may not hold a user name or a password.');
  const isInside = allowPrivate.some((host) => host.toLowerCase() === hostname.replace(/^\[|\]$/g, ''));
  return protocol === 'https:' || (protocol === 'http:' && isInside)
    ? []
    : fail(`Messages travel by https only. If ${hostname} is in your own network, list it in "allowPrivate".`);
}

/** Whether the receiver can be reached. No message is sent. */
export async function check({ options, http }: CheckContext<WebhookOptions>): Promise<readonly Finding[]> {
  const { host } = new URL(options.url);
  const guard = { allowPrivate: options.allowPrivate ?? [] };
  try {
    await http.send({ method: 'HEAD', url: options.url, timeoutMs: (options.timeoutSeconds ?? 15) * 1000, guard });
    return [{ ok: true, message: `${host} answers. No message was sent.` }];
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    return [{ ok: false, message: error.message, hint: error.hint ?? 'Check "url" in handover.json.' }];
  }
}
