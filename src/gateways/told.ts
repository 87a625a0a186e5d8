type Told<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/** Leaves out what is undefined, as the types of events ask. */
export function told<T extends object>(values: T): Told<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Told<T>;
}
