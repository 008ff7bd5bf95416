/** A copy of plain JSON. Several times faster than `structuredClone`, and blind to prototypes. */
export function clone<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = new Array<unknown>(value.length);
    for (let index = 0; index < value.length; index++) items[index] = copy(value[index]);
    return items;
  }
  const source = value as Record<string, unknown>;
  const target: Record<string, unknown> = {};
  for (const key in source) {
    // Assigning would set the prototype instead of a field.
    if (key === '__proto__') defineField(target, key, copy(source[key]));
    else target[key] = copy(source[key]);
  }
  return target;
}

function defineField(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}
