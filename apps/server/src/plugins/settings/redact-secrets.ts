/** Shorter ones are words that stand in any text. */
const SHORTEST = 6;
const MASK = '[secret]';

/** Takes secrets out of a text that people read: a plugin may log what it was given. */
export function redactSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= SHORTEST)
    .reduce((rest, secret) => forms(secret).reduce((part, form) => part.replaceAll(form, MASK), rest), text);
}

/** As it is, within JSON, within an address. */
function forms(secret: string): string[] {
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])];
}
