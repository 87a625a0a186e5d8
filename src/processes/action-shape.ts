/** What an action makes of a line. Handed in, since connectors know. */
export type ShapeOf = (action: string, input: Readonly<Record<string, unknown>>, quantity: number) => ActionShape;

export interface ActionShape {
  /** How many times it runs: once per unit, or once with the quantity. */
  readonly units: number;
  /** It gives the quantity in one thing, e.g. a key that says five seats: nobody can be handed a part of it. */
  readonly isOneForAll?: boolean;
  /** What it gives at the other side, where several purchases may give the same thing. */
  readonly resource?: string;
  /** It can be told that access lasts longer. */
  readonly renews: boolean;
  /** Given once more under another step key, there are two. */
  readonly doubles?: boolean;
}
