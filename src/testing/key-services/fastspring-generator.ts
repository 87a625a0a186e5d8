import { createHash, randomBytes } from 'node:crypto';
import type { FaultQueue } from '../double-faults.ts';
import { startDouble, textReply, type DoubleRequest } from '../double-server.ts';

/**
 * A licence generator as sellers write them for FastSpring's remote requests: it checks who asks and the hash of the parameters,
 * and answers with a key as plain text. One that `deduplicates` gives the same key for the same reference.
 */
export interface GeneratorDouble {
  readonly url: string;
  /** Told of keys that are taken back; FastSpring's convention has nothing for it, so this is the seller's own. */
  readonly revokeUrl: string;
  readonly privateKey: string;
  readonly issued: readonly {
    readonly key: string;
    readonly reference: string;
    readonly sent: Readonly<Record<string, string>>;
    readonly isRevoked: boolean;
  }[];
  readonly faults: FaultQueue;
  close(): Promise<void>;
}

export async function startFastspringGenerator({ deduplicates = true } = {}): Promise<GeneratorDouble> {
  const privateKey = randomBytes(16).toString('hex');
  const issued: { key: string; reference: string; sent: Record<string, string>; isRevoked: boolean }[] = [];

  function isGenuine({ form, headers }: DoubleRequest): boolean {
    const { security_request_hash: hash, ...sent } = form;
    const values = Object.keys(sent)
      .sort()
      .map((name) => sent[name])
      .join('');
    return (
      headers['user-agent'] === 'FS' &&
      hash ===
        createHash('md5')
          .update(values + privateKey)
          .digest('hex')
    );
  }

  function revoke(body: unknown): ReturnType<typeof textReply> {
    const found = issued.find(({ key }) => key === (body as { key?: unknown } | undefined)?.key);
    if (found) found.isRevoked = true;
    return found ? textReply('ok') : textReply('unknown key', 404);
  }

  const server = await startDouble({
    handle(request) {
      if (request.method === 'POST' && request.path === '/revoke') return revoke(request.json);
      if (request.method !== 'POST' || request.path !== '/generate') return textReply('not found', 404);
      if (!isGenuine(request)) return textReply('Not Authorized', 401);
      const sent: Record<string, string> = { ...request.form };
      delete sent['security_request_hash'];
      const { reference = '' } = sent;
      const known = deduplicates ? issued.find((each) => each.reference === reference) : undefined;
      if (known) return textReply(known.key);
      const key = `FS-${String(issued.length + 1).padStart(4, '0')}-${createHash('md5').update(`${issued.length}`).digest('hex').slice(0, 8)}`;
      issued.push({ key, reference, sent, isRevoked: false });
      return textReply(key);
    },
  });
  const { origin, faults } = server;
  return { url: `${origin}/generate`, revokeUrl: `${origin}/revoke`, privateKey, issued, faults, close: () => server.close() };
}
