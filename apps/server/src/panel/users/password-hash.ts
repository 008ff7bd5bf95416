import { hash, verify } from '@node-rs/argon2';

/** OWASP's second choice for argon2id, which is also the library's default: 19 MiB, two passes. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The hash of a random password that nobody kept, with the parameters above. */
const DECOY = '$argon2id$v=19$m=19456,t=2,p=1$f3TwMOOaCCnxAmAZoYEodA$bkRGc5XLLq5NwbF3fqVwbzLlp3HzZISLgwBwAYVFREQ';

export const hashPassword = (password: string): Promise<string> => hash(password, OPTIONS);

/** Takes as long for a user that does not exist as for one that does: the time must not tell which names are taken. */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  const right = await verify(passwordHash ?? DECOY, password).catch(() => false);
  return right && passwordHash !== undefined;
}
