import { z } from 'zod';
import { accountPatchSchema, authStatusSchema, loginSchema, registerSchema, userSchema } from '../accounts.js';
import { dashboardLayoutSchema, preferencesPatchSchema } from '../preferences.js';
import type { OperationGroup } from './operation.js';

const sessionSchema = z.looseObject({ id: z.string(), current: z.boolean() });

export const accountOperations: OperationGroup = {
  title: 'Accounts',
  operations: [
    {
      method: 'GET',
      path: '/api/auth/status',
      audience: 'anyone',
      does: 'Whether the panel waits for its first account, and whether visitors may register.',
      answer: authStatusSchema,
    },
    {
      method: 'POST',
      path: '/api/auth/register',
      audience: 'anyone',
      does: 'Makes an account and logs in. The first one is an admin’s.',
      body: registerSchema,
      answer: userSchema,
      status: 201,
      refusals: { 403: ['REGISTRATION_CLOSED'], 409: ['USERNAME_TAKEN', 'EMAIL_TAKEN'] },
    },
    {
      method: 'POST',
      path: '/api/auth/login',
      audience: 'anyone',
      does: 'Logs in: sets the cookie `sodium_session`. Ten failures in 15 minutes, then 429.',
      body: loginSchema,
      answer: userSchema,
      refusals: { 401: ['WRONG_CREDENTIALS'], 429: ['TOO_MANY_ATTEMPTS'] },
    },
    { method: 'POST', path: '/api/auth/logout', audience: 'anyone', does: 'Ends the session.', answer: null },
    { method: 'GET', path: '/api/auth/me', audience: 'user', does: 'The account of this session.', answer: userSchema },
    {
      method: 'PATCH',
      path: '/api/account',
      audience: 'user',
      does: 'Changes one’s own email address or password.',
      body: accountPatchSchema,
      answer: userSchema,
    },
    {
      method: 'GET',
      path: '/api/account/sessions',
      audience: 'user',
      does: 'Where one is logged in.',
      answer: z.object({ items: z.array(sessionSchema) }),
    },
    {
      method: 'DELETE',
      path: '/api/account/sessions/:session',
      audience: 'user',
      does: 'Ends one of one’s own sessions.',
      answer: null,
    },
    {
      method: 'GET',
      path: '/api/account/preferences',
      audience: 'user',
      does: 'Theme and mode, and the themes that may be chosen.',
    },
    {
      method: 'PUT',
      path: '/api/account/preferences',
      audience: 'user',
      does: 'Chooses theme and mode. What is left out stays.',
      body: preferencesPatchSchema,
    },
    {
      method: 'GET',
      path: '/api/account/dashboard',
      audience: 'user',
      does: 'The arrangement of one’s dashboard.',
      answer: dashboardLayoutSchema,
    },
    {
      method: 'PUT',
      path: '/api/account/dashboard',
      audience: 'user',
      does: 'Keeps the arrangement of one’s dashboard.',
      body: dashboardLayoutSchema,
      answer: dashboardLayoutSchema,
    },
  ],
};
