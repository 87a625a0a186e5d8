/**
 * What a shop and its own connectors are tried out against, all on this machine: doubles of Axis LMS, Stripe and a key source,
 * a mailbox, contexts for actions, and the suites every store and every gateway passes. The mailbox needs the packages smtp-server and postal-mime.
 */
export * from './action-context.ts';
export * from './axis-lms/index.ts';
export { fault, type Fault, type FaultMatch, type FaultQueue } from './double-faults.ts';
export { startKeySource, type KeySourceDouble, type KeySourceOptions, type KeySourceSwitches } from './key-source/index.ts';
export * from './mailbox.ts';
export * from './stripe/index.ts';
export { gatewaySuite, type GatewayUnderTest, type ProofPlace, type SentCallback } from './suites/gateway-suite.ts';
export { storeSuite, type OpenStore, type StoreUnderTest } from './suites/store-suite.ts';
