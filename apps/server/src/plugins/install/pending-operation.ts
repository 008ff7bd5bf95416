import { z } from 'zod';

/**
 * Written before the first step of an operation that takes several, deleted after its last: a panel that was killed in
 * between does at its next start what is left to do. Named by its plugin, so there is one at a time.
 */
export const pendingOperationSchema = z.discriminatedUnion('kind', [
  z.object({ id: z.string(), kind: z.literal('remove'), data: z.enum(['keep', 'delete']) }),
  z.object({ id: z.string(), kind: z.literal('update'), version: z.string(), hash: z.string() }),
  z.object({
    id: z.string(),
    kind: z.literal('rollback'),
    version: z.string(),
    by: z.string(),
    /** What it leaves, kept with its documents. Once that is gone the rollback has been taken back. */
    kept: z.string().optional(),
  }),
]);
export type PendingOperation = z.infer<typeof pendingOperationSchema>;
