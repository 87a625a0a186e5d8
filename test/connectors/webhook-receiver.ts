import { Webhook } from 'standardwebhooks';
import { jsonReply, startDouble, textReply, type DoubleServer } from '../../src/testing/double-server.ts';

export interface Message {
  readonly type: string;
  readonly timestamp: string;
  readonly data: {
    readonly order: Readonly<Record<string, unknown>> & { readonly number: string };
    readonly about: { readonly grant: string; readonly earlier?: string };
    readonly [name: string]: unknown;
  };
}

/** One thing that the receiver believes. */
export interface Told {
  readonly id: string;
  readonly grant: string;
  readonly isDisputed: boolean;
}

export interface Receiver extends DoubleServer {
  readonly url: string;
  /** Each message once, by its id. */
  readonly messages: ReadonlyMap<string, Message>;
  /** What was told and not taken back. */
  readonly open: () => readonly Told[];
}

/** A receiver as its maker would write one: the official package proves each message, and an id that was seen is dropped. */
export async function startReceiver(secret: string): Promise<Receiver> {
  const messages = new Map<string, Message>();
  let open: Told[] = [];
  const proof = new Webhook(secret);
  const server = await startDouble({
    handle({ method, path, headers, text }) {
      if (path !== '/hook') return textReply('not found', 404);
      if (method !== 'POST') return textReply('method not allowed', 405);
      let message: Message;
      try {
        message = proof.verify(text, headers as Record<string, string>) as Message;
      } catch {
        return jsonReply({ error: 'signature' }, 401);
      }
      const id = String(headers['webhook-id']);
      if (!messages.has(id)) {
        messages.set(id, message);
        const { grant, earlier } = message.data.about;
        const others = open.filter((told) => told.id !== earlier);
        const mine = open.filter((told) => told.id === earlier);
        if (message.type === 'order.refunded') open = others;
        else if (message.type === 'order.disputed' || message.type === 'order.disputeWon') {
          open = [...others, ...mine.map((told) => ({ ...told, isDisputed: message.type === 'order.disputed' }))];
        } else if (earlier === undefined) open.push({ id, grant, isDisputed: false });
      }
      return { status: 204, headers: {}, body: '' };
    },
  });
  return { ...server, url: `${server.origin}/hook`, messages, open: () => open };
}

export const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD8vqXYsLP'] as const;
