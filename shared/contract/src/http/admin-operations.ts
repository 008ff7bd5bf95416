import { z } from 'zod';
import { adminUserCreateSchema, adminUserPatchSchema, userSchema } from '../accounts.js';
import { auditEntrySchema } from '../plugins.js';
import { systemPatchSchema } from '../preferences.js';
import { serverSchema } from '../servers.js';
import type { OperationGroup } from './operation.js';

const items = <T extends z.ZodType>(item: T): z.ZodType => z.object({ items: z.array(item) });
const word = z.string().max(200).optional();

export const adminOperations: OperationGroup = {
  title: 'The admin area',
  operations: [
    {
      method: 'GET',
      path: '/api/admin/users',
      audience: 'admin',
      does: 'All accounts, with the number of their servers.',
      answer: items(userSchema.extend({ serverCount: z.number() })),
    },
    {
      method: 'POST',
      path: '/api/admin/users',
      audience: 'admin',
      does: 'Makes an account.',
      body: adminUserCreateSchema,
      answer: userSchema,
      status: 201,
      refusals: { 409: ['USERNAME_TAKEN', 'EMAIL_TAKEN'] },
    },
    {
      method: 'PATCH',
      path: '/api/admin/users/:id',
      audience: 'admin',
      does: 'Gives a role or a new password.',
      body: adminUserPatchSchema,
      answer: userSchema,
      refusals: { 409: ['LAST_ADMIN'] },
    },
    {
      method: 'DELETE',
      path: '/api/admin/users/:id',
      audience: 'admin',
      does: 'Deletes an account that owns no server.',
      answer: null,
      refusals: { 409: ['LAST_ADMIN', 'USER_IN_USE'] },
    },
    {
      method: 'GET',
      path: '/api/admin/servers',
      audience: 'admin',
      does: 'All servers, with their owners’ names.',
      answer: items(serverSchema.extend({ ownerName: z.string().nullable() })),
    },
    {
      method: 'POST',
      path: '/api/admin/servers/:id/suspend',
      audience: 'admin',
      does: 'Stops a server and keeps it from being started.',
      body: z.object({ reason: z.string().max(300).optional() }),
      answer: serverSchema,
    },
    {
      method: 'POST',
      path: '/api/admin/servers/:id/unsuspend',
      audience: 'admin',
      does: 'Lets it be started again.',
      answer: serverSchema,
    },
    {
      method: 'GET',
      path: '/api/admin/system',
      audience: 'admin',
      does: 'How the panel is: version, uptime, safe mode, isolation of servers, problems with files.',
    },
    {
      method: 'PATCH',
      path: '/api/admin/system',
      audience: 'admin',
      does: 'Opens or closes registration, sets the default theme.',
      body: systemPatchSchema,
      refusals: { 400: ['UNKNOWN_THEME'] },
    },
    {
      method: 'POST',
      path: '/api/admin/system/metrics-token',
      audience: 'admin',
      does: 'Makes a token for `/metrics`, in place of the one before. It is shown this once.',
      answer: z.object({ token: z.string() }),
      status: 201,
    },
    {
      method: 'DELETE',
      path: '/api/admin/system/metrics-token',
      audience: 'admin',
      does: 'Takes the token for `/metrics` back.',
    },
    {
      method: 'GET',
      path: '/api/admin/schedules',
      audience: 'admin',
      does: 'Everything that runs at set times, of servers and of plugins, the soonest first.',
    },
    {
      method: 'GET',
      path: '/api/admin/tabs',
      audience: 'admin',
      does: 'The tabs that plugins add to the admin area.',
    },
    {
      method: 'GET',
      path: '/api/admin/audit',
      audience: 'admin',
      does: 'The audit log, newest first.',
      query: z.object({
        limit: z.int().min(1).max(200).default(50),
        before: z.string().optional(),
        actor: word,
        action: word,
        target: word,
        q: word,
        since: z.iso.datetime().optional(),
        until: z.iso.datetime().optional(),
      }),
      answer: items(auditEntrySchema),
    },
  ],
};
