/** What we use of `@paypal/checkout-server-sdk`, which ships no types. */
declare module '@paypal/checkout-server-sdk' {
  /** One request as the SDK words it: its path ends in `?`, its body is an object or null. */
  interface SdkRequest {
    path: string;
    verb: string;
    body: unknown;
    headers: Record<string, string>;
    payPalRequestId(id: string): this;
    prefer(prefer: string): this;
    requestBody(body: unknown): this;
  }

  interface SdkEnvironment {
    authorizationString(): string;
  }

  const sdk: {
    readonly core: {
      readonly AccessTokenRequest: new (
        environment: SdkEnvironment,
      ) => Omit<SdkRequest, 'payPalRequestId' | 'prefer' | 'requestBody'>;
      readonly PayPalEnvironment: new (id: string, secret: string, baseUrl: string, webUrl: string) => SdkEnvironment;
      readonly PayPalHttpClient: new (environment: SdkEnvironment) => { execute(request: SdkRequest): Promise<unknown> };
    };
    readonly orders: {
      readonly OrdersCreateRequest: new () => SdkRequest;
      readonly OrdersGetRequest: new (id: string) => SdkRequest;
      readonly OrdersCaptureRequest: new (id: string) => SdkRequest;
    };
    readonly payments: {
      readonly AuthorizationsGetRequest: new (id: string) => SdkRequest;
      readonly CapturesGetRequest: new (id: string) => SdkRequest;
      readonly RefundsGetRequest: new (id: string) => SdkRequest;
    };
  };
  export default sdk;
}
