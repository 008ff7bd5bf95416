import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** OWASP's second choice for argon2id, which is also the library's default: 19 MiB, two passes. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password, OPTIONS);

let decoy: Promise<string> | null = null;

/** Takes as long for a user that does not exist as for one that does: the time must not tell which names are taken. */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword(randomBytes(16).toString('hex'));
  const right = await verify(passwordHash ?? (await decoy), password).catch(() => false);
  return right && passwordHash !== undefined;
}

/** Makes the decoy ahead of time, so that the first unknown name is not slower than the rest. */
export async function preparePasswords(): Promise<void> {
  decoy ??= hashPassword(randomBytes(16).toString('hex'));
  await decoy;
}
