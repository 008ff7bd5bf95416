/** What JSON keeps of a value, deeply frozen: nobody can change a stored document behind the store's back. */
export function frozenJson<T>(value: T): Readonly<T> {
  return deepFreeze(JSON.parse(JSON.stringify(value)) as T);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
