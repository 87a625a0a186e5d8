export interface HttpTargetSwitches {
  /** Whether an `Idempotency-Key` that was seen changes nothing any more. @default false */
  deduplicates: boolean;
  /** Whether enrolling somebody again is refused with 409 instead of answered like the first time. @default false */
  refusesRepeats: boolean;
  /** Whether enrolling adds a further seat each time, as naive systems do. @default false */
  addsSeats: boolean;
}

/** How requests have to prove themselves. */
export type TargetAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'oauth'; readonly clientId: string; readonly clientSecret: string; readonly sentBy?: 'basic' | 'form' }
  | { readonly kind: 'token'; readonly isGood: (token: string) => boolean };

export interface TargetUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

export interface TargetSeat {
  readonly course: string;
  readonly user: string;
  readonly until: string;
  isSuspended: boolean;
}

/** What the double knows. */
export interface TargetBooks {
  users: TargetUser[];
  seats: TargetSeat[];
  readonly courses: Set<string>;
  readonly seenKeys: Map<string, TargetSeat>;
  readonly tokens: { text: string; until: number }[];
  readonly sessions: Map<string, { csrf: string; isSignedIn: boolean }>;
}

export interface TargetState {
  readonly books: TargetBooks;
  readonly switches: HttpTargetSwitches;
  readonly auth: TargetAuth;
  readonly now: () => Date;
}

export function addUser(books: TargetBooks, email: string, name: string): TargetUser {
  const user = { id: `u-${books.users.length + 1}`, email, name };
  books.users.push(user);
  return user;
}
