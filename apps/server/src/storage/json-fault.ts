/** Where JSON is broken, without the text around it: that may be a password's hash. */
export function jsonFault(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (message.startsWith('Unexpected end')) return 'the JSON ends too early';
  const position = /at position \d+( \(line \d+ column \d+\))?/.exec(message)?.[0];
  return position ? `the JSON is broken ${position}` : 'the JSON is broken';
}
