/**
 * What a shop and its own connectors are tried out against, all on this machine: doubles of Axis LMS, Moodle and other learning
 * systems, of Stripe, PayPal and a key source, a mailbox, contexts for actions, and the suites every connector, gateway and
 * store passes. The mailbox needs the packages smtp-server and postal-mime.
 */
export * from './action-context.ts';
export * from './authorize-net/index.ts';
export * from './axis-lms/index.ts';
export * from './canvas/index.ts';
export * from './desks.ts';
export * from './docebo/index.ts';
export { fault, type Fault, type FaultMatch, type FaultQueue } from './double-faults.ts';
export { jsonReply, textReply, xmlReply, type DoubleReply } from './double-reply.ts';
export { startDouble, type DoubleOptions, type DoubleServer } from './double-server.ts';
export { startHttpTarget, type HttpTarget, type HttpTargetOptions, type HttpTargetSwitches } from './http-target/index.ts';
export * from './kajabi/index.ts';
export * from './key-services/fastspring-generator.ts';
export * from './key-services/keygen.ts';
export { startKeySource, type KeySourceDouble, type KeySourceOptions, type KeySourceSwitches } from './key-source/index.ts';
export * from './learndash/index.ts';
export * from './learnworlds/index.ts';
export * from './mailbox.ts';
export * from './moodle/index.ts';
export * from './open-edx/index.ts';
export * from './paypal/index.ts';
export * from './s3/index.ts';
export * from './stripe/index.ts';
export {
  connectorSuite,
  connectorTests,
  type ConnectorSuite,
  type ConnectorTest,
  type ConnectorUnderTest,
  type WrongSetup,
} from './suites/connector-suite.ts';
export {
  gatewaySuite,
  gatewayTests,
  type GatewayTest,
  type GatewayUnderTest,
  type ProofPlace,
  type SentCallback,
} from './suites/gateway-suite.ts';
export { storeSuite, type OpenStore, type StoreUnderTest } from './suites/store-suite.ts';
export * from './talentlms/index.ts';
export * from './thinkific/index.ts';
