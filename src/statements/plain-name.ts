/** A bank's name of a payment, fit to be typed in a command line. */
export function plainName(name: string): string {
  return name.replace(/[^\w.:/+-]+/g, '_').slice(0, 60);
}
