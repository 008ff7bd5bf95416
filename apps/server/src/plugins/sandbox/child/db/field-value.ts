/** A field of its own, else a path of fields: `address.city`, `tags.0`. */
export function fieldValue(document: object, field: string): unknown {
  if (Object.hasOwn(document, field)) return (document as Record<string, unknown>)[field];
  if (!field.includes('.')) return undefined;
  let value: unknown = document;
  for (const part of field.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}
