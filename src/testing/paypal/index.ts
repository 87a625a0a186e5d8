/** A double of PayPal for tests and for trying a shop out: start with `startPaypal`. */
export { startPaypal, type PaypalDelivery, type PaypalDouble, type PaypalDoubleOptions } from './start-paypal.ts';
export { paypalFault } from './faults.ts';
export type { CapturePlan } from './api/call.ts';
export type { Books as PaypalBooks } from './books.ts';
export {
  certificateFamily,
  issueCertificate,
  type Certificate,
  type CertificateFamily,
  type CertificateTerms,
} from './certificates.ts';
export type { PaypalDispute, PaypalDisputeTerms } from './dispute.ts';
export type { PaypalCallback } from './events.ts';
export type { IpnMessage } from './ipn.ts';
export type { CaptureOutcome, RefundTerms as PaypalRefundTerms } from './payments.ts';
export type { PaypalBuyer, PaypalSale, PaypalSaleTerms } from './sale.ts';
export type { PaypalSignOptions } from './sign.ts';
export type { PaypalSubscription, PaypalSubscriptionTerms } from './subscription.ts';
