/** The configuration: what is in the files, checked before anything is served. */
export type { Configuration, ConnectorAccount, GatewayInstance, Problem } from './configuration.ts';
export { loadConfiguration, type LoadOptions } from './load.ts';
export { ConfigurationError } from './problems.ts';
export { productsFromSnapshot, type OldConfiguration } from './snapshot.ts';
export { watchConfiguration, type ConfigurationWatch, type WatchOptions } from './watch.ts';
