const MAX_CHARACTERS = 8000;

/** A plain copy of a value for the report; what is too long for it comes as the beginning of its text. */
export function boundedValue(value: unknown): unknown {
  const text = textOf(value);
  return text.length <= MAX_CHARACTERS ? JSON.parse(text) : `${text.slice(0, MAX_CHARACTERS)}…`;
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    return 'null';
  }
}
