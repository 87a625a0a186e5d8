/**
 * The order of elements, as AnetApiSchema.xsd has it (https://api.authorize.net/xml/v1/schema/AnetApiSchema.xsd). The JSON is
 * turned into XML, so an element out of order is refused like one that does not exist.
 */
const order: Readonly<Record<string, readonly string[]>> = {
  request: ['merchantAuthentication', 'clientId', 'refId'],
  merchantAuthentication: ['name', 'transactionKey'],
  authenticateTestRequest: [],
  getMerchantDetailsRequest: [],
  getTransactionDetailsRequest: ['transId'],
  getSettledBatchListRequest: ['includeStatistics', 'firstSettlementDate', 'lastSettlementDate'],
  getTransactionListRequest: ['batchId', 'sorting', 'paging'],
  getUnsettledTransactionListRequest: ['status', 'sorting', 'paging'],
  ARBGetSubscriptionRequest: ['subscriptionId', 'includeTransactions'],
  getHostedPaymentPageRequest: ['transactionRequest', 'hostedPaymentSettings'],
  createTransactionRequest: ['transactionRequest'],
  sorting: ['orderBy', 'orderDescending'],
  paging: ['limit', 'offset'],
  transactionRequest: [
    'transactionType',
    'amount',
    'currencyCode',
    'payment',
    'profile',
    'solution',
    'callId',
    'terminalNumber',
    'authCode',
    'refTransId',
    'splitTenderId',
    'order',
    'lineItems',
    'tax',
    'duty',
    'shipping',
    'taxExempt',
    'poNumber',
    'customer',
    'billTo',
    'shipTo',
    'customerIP',
    'transactionSettings',
    'userFields',
  ],
  order: ['invoiceNumber', 'description'],
  lineItems: ['lineItem'],
  lineItem: ['itemId', 'name', 'description', 'quantity', 'unitPrice', 'taxable'],
  customer: ['type', 'id', 'email'],
  billTo: ['firstName', 'lastName', 'company', 'address', 'city', 'state', 'zip', 'country', 'phoneNumber', 'faxNumber', 'email'],
  payment: ['creditCard'],
  hostedPaymentSettings: ['setting'],
  setting: ['settingName', 'settingValue'],
};

const longest: Readonly<Record<string, number>> = {
  refId: 20,
  invoiceNumber: 20,
  itemId: 31,
  name: 31,
  description: 255,
  email: 255,
  firstName: 50,
  lastName: 50,
};

/** What the API says of the first thing that is wrong; undefined when all is in order. */
export function faultIn(name: string, request: object): { code: string; text: string } | undefined {
  const known = order[name];
  if (!known) return { code: 'E00003', text: `The '${namespace}:${name}' element is not declared.` };
  return faultInside(name, request, [...(order['request'] ?? []), ...known]);
}

const namespace = 'AnetApi/xml/v1/schema/AnetApiSchema.xsd';

function faultInside(parent: string, value: object, wanted: readonly string[]): { code: string; text: string } | undefined {
  let place = 0;
  for (const [name, inner] of Object.entries(value)) {
    const at = wanted.indexOf(name, place);
    if (at === -1) {
      const rest = wanted.slice(place).join(', ');
      const text = `The element '${parent}' in namespace '${namespace}' has invalid child element '${name}' in namespace '${namespace}'. List of possible elements expected: '${rest}'.`;
      return { code: 'E00003', text };
    }
    place = at + 1;
    const fault = faultOfValue(parent, name, inner);
    if (fault) return fault;
  }
  return undefined;
}

function faultOfValue(parent: string, name: string, value: unknown): { code: string; text: string } | undefined {
  const limit = parent === 'merchantAuthentication' ? undefined : longest[name];
  if (typeof value === 'string' && limit !== undefined && value.length > limit) {
    const text = `The '${namespace}:${name}' element is invalid - The value XX is invalid according to its datatype 'String' - The actual length is greater than the MaxLength value.`;
    return { code: 'E00003', text };
  }
  for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) {
    const inner = order[name];
    const fault = inner && typeof each === 'object' && each !== null ? faultInside(name, each, inner) : undefined;
    if (fault) return fault;
  }
  return undefined;
}
