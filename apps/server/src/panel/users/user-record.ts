import { roleSchema, type User } from '@sodium/contract';
import { z } from 'zod';

export const userRecordSchema = z.object({
  id: z.string(),
  username: z.string(),
  email: z.string(),
  role: roleSchema,
  /** argon2id, with its parameters. */
  passwordHash: z.string(),
  createdAt: z.string(),
});
export type UserRecord = z.infer<typeof userRecordSchema>;

export const toUser = ({ id, username, email, role }: Readonly<UserRecord>): User => ({ id, username, email, role });
