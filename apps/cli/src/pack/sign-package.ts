import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { SIGNATURE_FILE, signatureSchema, signedContent } from '@sodium/sdk/manifest';
import { UsageError } from '../commands/command-context.js';
import { listFiles } from './write-package.js';

/** Somebody who vouches for packages. */
export interface Signer {
  /** The name by which panels know the key. */
  readonly keyId: string;
  readonly key: KeyObject;
  /** What an operator writes into `plugins.trustedKeys`: DER in base64. */
  readonly publicKey: string;
}

const HOW_TO_MAKE_ONE = 'Make one with "openssl genpkey -algorithm ed25519 -out my-name.pem", and keep it to yourself.';

/** Reads a private key. It goes by the name of its file unless another is given. */
export function readSigner(file: string, name = basename(file, extname(file))): Signer {
  const key = readKey(file);
  if (key.asymmetricKeyType !== 'ed25519')
    throw new UsageError(`${file}: expected an Ed25519 key, found ${key.asymmetricKeyType}.`, HOW_TO_MAKE_ONE);
  if (!signatureSchema.shape.keyId.safeParse(name).success)
    throw new UsageError(
      `"${name}" cannot be the name of a key: expected 1 to 64 letters, digits, dots, dashes and underscores.`,
      'Choose another with --sign-as.',
    );
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
  return { keyId: name, key, publicKey };
}

function readKey(file: string): KeyObject {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`, HOW_TO_MAKE_ONE);
  }
  try {
    return createPrivateKey(text);
  } catch {
    // The reasons that OpenSSL gives help nobody, and might quote the file.
    throw new UsageError(`${file}: expected a private key in PEM without a passphrase.`, HOW_TO_MAKE_ONE);
  }
}

/** Puts the signature beside the files that it is for. What is added or changed afterwards breaks it. */
export function signFolder(folder: string, { keyId, key }: Signer): void {
  const files = listFiles(folder).map((path) => ({
    path,
    sha256: createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest('hex'),
  }));
  const signature = sign(null, Buffer.from(signedContent(files)), key).toString('base64');
  writeFileSync(join(folder, SIGNATURE_FILE), `${JSON.stringify({ algorithm: 'ed25519', keyId, signature })}\n`);
}
