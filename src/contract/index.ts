/** What a gateway, a connector and an action promise. Published as `handover/contract`; imports nothing. */
export * from './activations.ts';
export * from './connector.ts';
export * from './email-address.ts';
export * from './erased.ts';
export * from './errors.ts';
export * from './event.ts';
export * from './files.ts';
export * from './gateway.ts';
export * from './http.ts';
export * from './log.ts';
export * from './money.ts';
export * from './order.ts';
export * from './plan.ts';
export * from './schema.ts';
export * from './stock.ts';
export * from './tasks.ts';
