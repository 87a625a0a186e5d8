/** Values of a label stay few: after `most` different ones the rest is called `other`. Codes of own gateways may be any text. */
export function boundedLabel(most: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= most) return 'other';
    const isWord = /^[\w.\-/]{1,100}$/.test(value);
    if (isWord) known.add(value);
    return isWord ? value : 'other';
  };
}
