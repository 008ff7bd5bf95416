import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SIGNATURE_FILE, signatureSchema, signedContent, type PackageSignature } from '@sodium/sdk/manifest';
import type { FolderFault, PackageFile } from './read-folder.js';

export interface SignatureRules {
  /** `plugins.requireSignatures` in `config.json`. */
  required(): boolean;
  /** `plugins.trustedKeys`: public keys in base64, by name. */
  keys(): Readonly<Record<string, string>>;
  /** What the panel brings itself needs no other word for it. */
  isShipped(id: string, hash: string): boolean;
}

export interface SignedPackage {
  id: string;
  hash: string;
  folder: string;
  files: readonly PackageFile[];
}

/** Lets only packages through that somebody vouches for whom the operator trusts, where the operator asks for that. */
export class Signatures {
  constructor(private readonly rules: SignatureRules) {}

  /** What is wrong with a package's signature; null when nothing is, or none is asked for. */
  async check({ id, hash, folder, files }: SignedPackage): Promise<FolderFault | null> {
    if (!this.rules.required() || this.rules.isShipped(id, hash)) return null;
    if (!files.some((file) => file.path === SIGNATURE_FILE))
      return fault('is missing, and this panel takes signed plugins only.', 'Ask its author for a signed package.');
    const signature = await read(path.join(folder, SIGNATURE_FILE));
    if (!signature)
      return fault(
        'cannot be read: expected {"algorithm":"ed25519","keyId":"…","signature":"…"}.',
        'Have the package signed again.',
      );
    return this.verify(signature, files);
  }

  private verify({ keyId, signature }: PackageSignature, files: readonly PackageFile[]): FolderFault | null {
    const keys = this.rules.keys();
    const text = Object.hasOwn(keys, keyId) ? keys[keyId] : undefined;
    if (text === undefined)
      return fault(
        `names the key "${keyId}", which this panel does not trust. It trusts: ${Object.keys(keys).join(', ') || 'none'}.`,
        `If you trust its author, add the public key as "${keyId}" to "plugins.trustedKeys" in config.json and restart the panel.`,
      );
    const key = publicKey(text);
    if (!key)
      return fault(
        `cannot be checked: the key "${keyId}" in config.json is no Ed25519 public key in base64.`,
        'Mend "plugins.trustedKeys" in config.json and restart the panel.',
      );
    if (verify(null, Buffer.from(signedContent(files)), key, Buffer.from(signature, 'base64'))) return null;
    return fault(
      `does not fit: the package was changed after "${keyId}" had signed it.`,
      'Do not use it. Get the package from its author again.',
    );
  }
}

const fault = (what: string, fix: string): FolderFault => ({
  path: SIGNATURE_FILE,
  message: `${SIGNATURE_FILE} ${what}`,
  fix,
});

async function read(file: string): Promise<PackageSignature | null> {
  try {
    return signatureSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

/** What stands before the 32 bytes of a key in its usual file. */
const SPKI_START = Buffer.from('302a300506032b6570032100', 'hex');
const RAW_BYTES = 32;

/** Takes the bare 32 bytes, and the usual DER file. */
function publicKey(text: string): KeyObject | null {
  const bytes = Buffer.from(text, 'base64');
  try {
    const der = bytes.length === RAW_BYTES ? Buffer.concat([SPKI_START, bytes]) : bytes;
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}
