import { z } from 'zod';

/** The file of a package that holds its signature, and is not part of what is signed. */
export const SIGNATURE_FILE = 'signature.json';

/** `signature.json`: who vouches for the rest of the package. */
export const signatureSchema = z.strictObject({
  algorithm: z.literal('ed25519'),
  /** The name under which panels know the public key: `plugins.trustedKeys` in their `config.json`. */
  keyId: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  /** Ed25519 over the UTF-8 bytes of `signedContent(files)`, in base64. */
  signature: z.base64().max(200),
});
/** The signature of a package that was checked for its form; whether it holds, the panel decides. */
export type PackageSignature = z.infer<typeof signatureSchema>;

/** What is signed: the SHA-256 and the path of every file of the package, save the signature's own. */
export function signedContent(files: readonly { path: string; sha256: string }[]): string {
  const lines = files
    .filter(({ path }) => path !== SIGNATURE_FILE)
    .map(({ path, sha256 }) => ({ path, line: `${sha256} ${path}\n` }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return `sodium-package-v1\n${lines.map(({ line }) => line).join('')}`;
}
