import { findNodeAtLocation, parseTree, type ParseError, printParseErrorCode } from 'jsonc-parser';

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where a field such as `settings.greeting.type` stands, or the nearest thing around it that is there. */
export function locateField(text: string, field: string): Place | null {
  const root = parseTree(text);
  if (!root) return null;
  const path = field === '' ? [] : field.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  for (let length = path.length; length >= 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    // The name of a field says more than the bracket that its value begins with.
    if (node) return placeAt(text, (node.parent?.type === 'property' ? node.parent : node).offset);
  }
  return null;
}

/** The first syntax error of a JSON text, or null. */
export function findJsonError(text: string): (Place & { what: string }) | null {
  const errors: ParseError[] = [];
  parseTree(text, errors, { allowTrailingComma: false, disallowComments: true });
  const [first] = errors;
  return first ? { ...placeAt(text, first.offset), what: wordsOf(printParseErrorCode(first.error)) } : null;
}

function placeAt(text: string, offset: number): Place {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

/** `CommaExpected` becomes `comma expected`. */
const wordsOf = (code: string): string => code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
