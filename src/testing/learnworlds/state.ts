export interface LearnWorldsUser {
  readonly id: string;
  readonly email: string;
  readonly username: string;
}

export interface LearnWorldsProduct {
  readonly id: string;
  readonly type: 'course' | 'bundle' | 'subscription';
  readonly title: string;
}

export interface LearnWorldsEnrolment {
  readonly userId: string;
  readonly productId: string;
  readonly productType: string;
  readonly duration?: string;
}

export interface LearnWorldsSwitches {
  /** The plan no longer includes the API. */
  isForbidden: boolean;
  /** What a second enrolment of the same is answered with; the documentation does not say. */
  repeatedEnrolment: 'success' | 'refused' | 'notSuccess';
}

export interface School {
  readonly origin: () => string;
  readonly now: () => Date;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly switches: LearnWorldsSwitches;
  token: { readonly text: string; readonly until: number } | undefined;
  users: readonly LearnWorldsUser[];
  products: readonly LearnWorldsProduct[];
  enrolments: readonly LearnWorldsEnrolment[];
  readonly secrets: string[];
}
