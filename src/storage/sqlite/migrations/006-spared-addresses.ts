/** Whoever asked to be spared follow-up mails, by fingerprint: the address itself is not kept. */
export const sparedAddresses = `
CREATE TABLE spared_addresses (
  fingerprint TEXT PRIMARY KEY NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
