import { text } from './001-first-tables.ts';

/** Whoever asked to be spared follow-up mails, by fingerprint: the address itself is not kept. */
export const sparedAddresses = `
CREATE TABLE spared_addresses (
  fingerprint ${text} PRIMARY KEY,
  at bigint NOT NULL
);
`;
