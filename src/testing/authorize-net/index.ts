/** A double of Authorize.net for tests: start with `startAuthorizeNet`. */
export { startAuthorizeNet, type AuthorizeNetDouble, type AuthorizeNetDoubleOptions } from './start-authorize-net.ts';
export type { AuthorizeNetCallback, AuthorizeNetSale, AuthorizeNetSubscription } from './sale.ts';
export type { SaleItem as AuthorizeNetItem, SaleTerms as AuthorizeNetSaleTerms } from './books.ts';
