import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import path from 'node:path';
import type { StoreProblem } from './core-store-types.js';
import { makePrivateDirectory, readIfPresent, replaceFile } from './durable-file.js';
import { StoreUnavailableError } from './store-errors.js';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PREFIX = 'v1.';

/** Encrypts secrets at rest: whoever copies the database without the key file reads none of them. */
export class SecretBox {
  private constructor(
    private readonly keyFile: string,
    private readonly key: Buffer | null,
    readonly problem: StoreProblem | null,
  ) {}

  /** Creates the key when there is none. A damaged key file is never replaced: the box opens nothing then. */
  static async load(keyFile: string): Promise<SecretBox> {
    await makePrivateDirectory(path.dirname(keyFile));
    const found = await readIfPresent(keyFile);
    if (found === null) {
      const key = randomBytes(KEY_BYTES);
      await replaceFile(keyFile, `${key.toString('base64')}\n`);
      return new SecretBox(keyFile, key, null);
    }
    const key = Buffer.from(found.toString('latin1').trim(), 'base64');
    if (key.length === KEY_BYTES) return new SecretBox(keyFile, key, null);
    const message = `Expected ${KEY_BYTES} bytes in base64, found ${key.length}. Stored secrets cannot be read.`;
    const fix = `Restore "${keyFile}" from a backup, or delete it and type the secrets of the plugins again.`;
    return new SecretBox(keyFile, null, { file: keyFile, message, fix });
  }

  seal(text: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#requireKey(), iv);
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return PREFIX + sealed.toString('base64');
  }

  /** Throws when the text was sealed with another key or has been changed. */
  open(sealed: string): string {
    const key = this.#requireKey();
    const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64');
    if (!sealed.startsWith(PREFIX) || bytes.length < IV_BYTES + TAG_BYTES) throw this.#unreadable();
    try {
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
      const text = decipher.update(bytes.subarray(IV_BYTES, bytes.length - TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch (error) {
      throw this.#unreadable(error);
    }
  }

  #requireKey(): Buffer {
    if (this.key) return this.key;
    throw new StoreUnavailableError(this.keyFile, `${this.problem?.message} ${this.problem?.fix}`);
  }

  #unreadable(cause?: unknown): StoreUnavailableError {
    const reason = 'a stored secret was sealed with another key, or has been changed. Type the secret again.';
    return new StoreUnavailableError(this.keyFile, reason, { cause });
  }
}
