/** How old a signed delivery may be, and how far ahead its clock. */
export const TOLERANCE_MS = 300_000;

export type SignatureResult = { ok: true } | { ok: false; reason: string };

interface Parsed {
  timestamp: string | null;
  signatures: string[];
}

/**
 * Checks the header `Stripe-Signature` against the bytes as they came. There are several `v1` values while a secret is
 * being replaced; every one is compared, each in the same time whether it fits or not.
 */
export async function checkSignature(
  header: string | undefined,
  body: Uint8Array,
  secret: string,
  now: number,
): Promise<SignatureResult> {
  const { timestamp, signatures } = parseHeader(header ?? '');
  if (timestamp === null) return { ok: false, reason: 'the header Stripe-Signature is missing or has no time' };
  if (signatures.length === 0) return { ok: false, reason: 'the header Stripe-Signature has no v1 signature' };
  const expected = await sign(timestamp, body, secret);
  let matches = 0;
  for (const signature of signatures) matches |= Number(equal(signature, expected));
  if (matches === 0) return { ok: false, reason: 'no signature fits the body and the signing secret' };
  if (Math.abs(now - Number(timestamp) * 1000) > TOLERANCE_MS)
    return { ok: false, reason: 'the delivery was signed more than 300 seconds ago, or the clocks differ' };
  return { ok: true };
}

function parseHeader(header: string): Parsed {
  const parts = header.split(',').map((part) => part.trim().split('=', 2) as [string, string | undefined]);
  const timestamp = parts.find(([key]) => key === 't')?.[1];
  const signatures = parts.filter(([key, value]) => key === 'v1' && value).map(([, value]) => value!);
  return {
    timestamp: timestamp && /^\d{1,12}$/.test(timestamp) ? timestamp : null,
    signatures: signatures.slice(0, 20),
  };
}

async function sign(timestamp: string, body: Uint8Array, secret: string): Promise<string> {
  const encoder = new TextEncoder();
  const prefix = encoder.encode(`${timestamp}.`);
  const signed = new Uint8Array(prefix.length + body.length);
  signed.set(prefix);
  signed.set(body, prefix.length);
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign']);
  const bytes = new Uint8Array(await crypto.subtle.sign('HMAC', key, signed));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Looks at every character, so that the time tells nothing about where they differ. */
function equal(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let i = 0; i < expected.length; i++)
    difference |= expected.charCodeAt(i) ^ given.charCodeAt(i % (given.length || 1));
  return difference === 0;
}
