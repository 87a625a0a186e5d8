import { bad, type CheckContext, type Finding, good, type OptionProblem } from 'handover/contract';
import { problemOfAddresses } from './addresses.ts';
import { offerNamed, settingsOf, type KajabiOptions } from './options.ts';

/** What the schema cannot say: whether the addresses are a pair. */
export function problemsOf(options: KajabiOptions): OptionProblem[] {
  return Object.entries(options.offers).flatMap(([name, addresses]) => {
    const problem = problemOfAddresses(addresses, settingsOf(options));
    return problem === undefined
      ? []
      : [{ keys: ['offers', name], message: `${problem} Copy both from the webhooks of the offer in Kajabi.` }];
  });
}

/**
 * Whether each offer that products name has a pair of addresses and their host answers. Calling one would grant or revoke, so
 * whether Kajabi knows it shows at the first order.
 */
export async function checkAccount({ options, http, used }: CheckContext<KajabiOptions>): Promise<Finding[]> {
  const settings = settingsOf(options);
  const findings: Finding[] = [];
  const named = used.map(({ input, sku }) => ({ offer: typeof input['offer'] === 'string' ? input['offer'] : '', sku }));
  for (const [offer, uses] of Map.groupBy(named, (use) => use.offer)) {
    const skus = [...new Set(uses.map(({ sku }) => sku))].join(', ');
    const addresses = offerNamed(options, offer);
    const problem = addresses && problemOfAddresses(addresses, settings);
    if (offer.includes('{{')) findings.push(good(`${skus}: offer "${offer}" depends on the order.`));
    else if (!addresses)
      findings.push(
        bad(
          `${skus}: handover.json names no offer "${offer}".`,
          'Add it under "offers", or correct "with.offer" in the product file.',
        ),
      );
    else if (problem !== undefined)
      findings.push(
        bad(`${skus}: offer "${offer}": ${problem}`, 'Copy both addresses from the webhooks of the offer in Kajabi.'),
      );
    else findings.push(await reach(new URL(addresses.activationUrl), offer, skus));
  }
  return findings;

  async function reach({ origin, host }: URL, offer: string, skus: string): Promise<Finding> {
    const request = { method: 'HEAD', url: `${origin}/`, timeoutMs: settings.requestTimeoutSeconds * 1000 } as const;
    return http.send(request).then(
      () =>
        good(
          `${skus}: offer "${offer}" has a pair of addresses and ${host} answers. Whether Kajabi knows them shows at the first order.`,
        ),
      () =>
        bad(
          `${skus}: ${host} of offer "${offer}" cannot be reached.`,
          'Check the addresses, and that this server may reach the internet.',
        ),
    );
  }
}
