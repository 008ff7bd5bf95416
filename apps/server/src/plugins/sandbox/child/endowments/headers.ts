type HeadersSource = PlainHeaders | Iterable<readonly [string, string]> | Record<string, string> | undefined | null;

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// eslint-disable-next-line no-control-regex -- control characters are what this refuses
const BAD_VALUE = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** Header names are checked and lower-cased; values are joined with commas, as HTTP has it. */
export class PlainHeaders {
  #values = new Map<string, string[]>();

  constructor(source?: HeadersSource) {
    if (source === undefined || source === null) return;
    const pairs = Symbol.iterator in source ? source : Object.entries(source);
    for (const [name, value] of pairs) this.append(name, value);
  }
  append(name: string, value: string): void {
    const key = checkName(name);
    const list = this.#values.get(key) ?? [];
    list.push(checkValue(name, value));
    this.#values.set(key, list);
  }
  set(name: string, value: string): void {
    this.#values.set(checkName(name), [checkValue(name, value)]);
  }
  get(name: string): string | null {
    return this.#values.get(checkName(name))?.join(', ') ?? null;
  }
  getSetCookie(): string[] {
    return [...(this.#values.get('set-cookie') ?? [])];
  }
  has(name: string): boolean {
    return this.#values.has(checkName(name));
  }
  delete(name: string): void {
    this.#values.delete(checkName(name));
  }
  forEach(visit: (value: string, name: string, headers: this) => void, self?: unknown): void {
    for (const [name, value] of this) visit.call(self, value, name, this);
  }
  *entries(): IterableIterator<[string, string]> {
    for (const name of [...this.#values.keys()].sort()) yield [name, this.#values.get(name)!.join(', ')];
  }
  *keys(): IterableIterator<string> {
    for (const [name] of this.entries()) yield name;
  }
  *values(): IterableIterator<string> {
    for (const [, value] of this.entries()) yield value;
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
}

export function checkName(name: unknown): string {
  const text = String(name);
  if (!NAME.test(text)) throw new TypeError(`${JSON.stringify(text.slice(0, 80))} is not a header name`);
  return text.toLowerCase();
}

export function checkValue(name: string, value: unknown): string {
  const text = String(value).trim();
  if (BAD_VALUE.test(text))
    throw new TypeError(`the value of the header ${JSON.stringify(name)} has control characters`);
  return text;
}
