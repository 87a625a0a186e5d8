/**
 * A strict double of the activation and deactivation addresses of Kajabi's offers: what must be sent is documented at
 * https://help.kajabi.com/articles/api-integrations/webhooks/webhooks-explained. The words of refusals are those that users of
 * these addresses report; their status, 422, is a guess.
 */
import { jsonReply, startDouble, textReply, type DoubleReply, type DoubleRequest, type FaultQueue } from '../double-server.ts';

/** Somebody in the site's people. */
export interface KajabiMember {
  readonly email: string;
  readonly name: string;
  /** What an earlier sender knew the member by. Compared letter by letter. */
  readonly externalUserId: string;
}

export interface KajabiDouble {
  /** `http://127.0.0.1:PORT`, which stands for the site and for the host of the addresses. */
  readonly url: string;
  /** The pair of addresses of the one offer there is. */
  readonly offer: { readonly activationUrl: string; readonly deactivationUrl: string };
  readonly books: {
    readonly members: readonly KajabiMember[];
    /** Who has the offer, by address. */
    readonly grants: readonly string[];
    /** Whom Kajabi mailed that the offer was granted. */
    readonly mails: readonly string[];
    readonly secrets: readonly string[];
    readonly requests: readonly DoubleRequest[];
  };
  readonly faults: FaultQueue;
  addMember(member: Partial<KajabiMember> & { readonly email: string; readonly hasOffer?: boolean }): void;
  close(): Promise<void>;
}

/** Starts the double on 127.0.0.1. */
export async function startKajabi({ now }: { now?: () => Date } = {}): Promise<KajabiDouble> {
  const token = 'Z6agK6y75YFThX5K';
  const path = `/webhooks/offers/${token}/2147948158`;
  let members: readonly KajabiMember[] = [];
  const grants = new Set<string>();
  const mails: string[] = [];

  function answer(request: DoubleRequest): DoubleReply {
    const { method, json } = request;
    if (method === 'HEAD') return textReply('');
    const verb = request.path === `${path}/activate` ? activate : request.path === `${path}/deactivate` ? deactivate : undefined;
    if (!verb || method !== 'POST') return textReply('Not found', 404);
    const sent = (json ?? {}) as Record<string, unknown>;
    const missing = ['name', 'email', 'external_user_id'].filter((name) => typeof sent[name] !== 'string' || sent[name] === '');
    if (missing.length > 0) return refuse(...missing.map((name) => `${name}: can't be blank`));
    const email = String(sent['email']);
    if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) return refuse('email: is invalid');
    return verb({ email, name: String(sent['name']), externalUserId: String(sent['external_user_id']) }, request);
  }

  function activate(member: KajabiMember, { query }: DoubleRequest): DoubleReply {
    const known = find(member.email);
    if (known && known.externalUserId !== member.externalUserId) return refuse('email: is already taken');
    if (!known) members = [...members, member];
    if (grants.has(nameOf(member))) return refuse('The offer has already been granted to this member');
    grants.add(nameOf(member));
    if (query['send_offer_grant_email'] === 'true') mails.push(member.email);
    return jsonReply({});
  }

  function deactivate({ externalUserId }: KajabiMember): DoubleReply {
    const member = members.find((each) => each.externalUserId === externalUserId);
    if (!member) return refuse('base: not found');
    return grants.delete(nameOf(member)) ? jsonReply({}) : refuse('Offer grant not found for offer on member');
  }

  const find = (email: string) => members.find((member) => nameOf(member) === email.toLowerCase());
  const server = await startDouble({ now, handle: answer });
  const offer = { activationUrl: `${server.origin}${path}/activate`, deactivationUrl: `${server.origin}${path}/deactivate` };
  return {
    url: server.origin,
    offer,
    books: {
      get members() {
        return members;
      },
      get grants() {
        return [...grants].sort();
      },
      mails,
      secrets: [token],
      requests: server.requests,
    },
    faults: server.faults,
    addMember({ email, name = 'A member', externalUserId = email.toLowerCase(), hasOffer = false }) {
      members = [...members, { email, name, externalUserId }];
      if (hasOffer) grants.add(email.toLowerCase());
    },
    close: () => server.close(),
  };
}

function nameOf({ email }: Pick<KajabiMember, 'email'>): string {
  return email.toLowerCase();
}

function refuse(...errors: readonly string[]): DoubleReply {
  return jsonReply({ errors }, 422);
}
