import type { Stripe } from 'stripe';
import type { SaleBuyer } from '../terms.ts';
import type { Customer, Session } from '../wire.ts';

/** Stripe writes every part of an address, null where it is not known. */
export function fullAddress(address: Partial<Stripe.Address> | undefined): Stripe.Address {
  return { city: null, country: null, line1: null, line2: null, postal_code: null, state: null, ...address };
}

export function customerDetails(buyer: SaleBuyer): NonNullable<Session['customer_details']> {
  return {
    address: fullAddress(buyer.address),
    business_name: buyer.businessName ?? null,
    email: buyer.email ?? null,
    individual_name: buyer.individualName ?? null,
    name: buyer.name ?? null,
    phone: buyer.phone ?? null,
    tax_exempt: 'none',
    tax_ids: [],
  };
}

export function makeCustomer(id: string, created: number, livemode: boolean, buyer: SaleBuyer): Customer {
  return {
    id,
    object: 'customer',
    address: fullAddress(buyer.address),
    balance: 0,
    created,
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: buyer.email ?? null,
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode,
    metadata: {},
    name: buyer.name ?? null,
    phone: buyer.phone ?? null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  };
}
