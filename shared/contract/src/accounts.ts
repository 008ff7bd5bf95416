import { z } from 'zod';

export const roleSchema = z.enum(['admin', 'user']);
export type Role = z.infer<typeof roleSchema>;

export const userSchema = z.object({ id: z.string(), username: z.string(), email: z.string(), role: roleSchema });
export type User = z.infer<typeof userSchema>;

export const usernameSchema = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,31}$/, 'A user name has 2 to 32 letters, digits, dots, dashes or underscores.');
export const passwordSchema = z
  .string()
  .min(8, 'A password has at least 8 characters.')
  .max(256, 'A password has at most 256 characters.');

export const registerSchema = z.object({
  username: usernameSchema,
  email: z.email('Enter an email address such as name@example.com.').max(254),
  password: passwordSchema,
});
export type RegisterBody = z.infer<typeof registerSchema>;

export const loginSchema = z.object({ username: z.string().min(1).max(254), password: z.string().min(1).max(256) });
export type LoginBody = z.infer<typeof loginSchema>;

export const accountPatchSchema = z.object({
  email: registerSchema.shape.email.optional(),
  /** Needed to change the email address or the password. */
  currentPassword: z.string().max(256).optional(),
  password: passwordSchema.optional(),
});
export type AccountPatch = z.infer<typeof accountPatchSchema>;

/** `GET /api/auth/status`: what the login page needs to know, without a session. */
export const authStatusSchema = z.object({ setup: z.boolean(), registration: z.boolean() });
export type AuthStatus = z.infer<typeof authStatusSchema>;

export const adminUserPatchSchema = z.object({ role: roleSchema.optional(), password: passwordSchema.optional() });
export const adminUserCreateSchema = registerSchema.extend({ role: roleSchema.default('user') });
