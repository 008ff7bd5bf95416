import { z } from 'zod';
import {
  previewAnswersSchema,
  previewOpenSchema,
  previewPatchSchema,
  previewReplaySchema,
  previewReportSchema,
  previewSettingsSchema,
} from '../preview.js';
import type { OperationGroup } from './operation.js';

const info = z.object({
  url: z.string(),
  expiresAt: z.string(),
  hash: z.string(),
  viewAs: z.enum(['admin', 'user']),
  answers: previewAnswersSchema,
  visible: z.boolean(),
  themes: z.array(z.object({ id: z.string(), name: z.string() })),
  settings: z.record(z.string(), z.unknown()),
});

export const previewOperations: OperationGroup = {
  title: 'Previews, for admins',
  operations: [
    {
      method: 'POST',
      path: '/api/admin/plugins/:id/preview',
      audience: 'admin',
      does: 'Tries what lies in the plugin’s folder now, for this session alone. The same content again goes on as it is.',
      body: previewOpenSchema,
      answer: info,
      refusals: { 400: ['INVALID_PACKAGE'], 409: ['PREVIEW_LIMIT', 'PLUGINS_SUSPENDED', 'FOLDER_MISSING'] },
    },
    {
      method: 'GET',
      path: '/api/admin/plugins/:id/preview',
      audience: 'admin',
      does: 'The preview that this session runs of the plugin, or 404.',
      answer: info,
    },
    {
      method: 'PUT',
      path: '/api/admin/plugins/:id/preview',
      audience: 'admin',
      does: 'Prolongs it, and changes whom the panel is shown as.',
      body: previewPatchSchema,
      answer: info,
    },
    {
      method: 'DELETE',
      path: '/api/admin/plugins/:id/preview',
      audience: 'admin',
      does: 'Discards it. Nothing of it remains.',
      answer: null,
    },
    {
      method: 'GET',
      path: '/api/admin/plugins/:id/preview/report',
      audience: 'admin',
      does: 'What the plugin did. With `after`, waits up to `wait` seconds for a newer revision.',
      query: z.object({ after: z.int().optional(), wait: z.number().min(0).max(25).default(20) }),
      answer: previewReportSchema,
    },
    {
      method: 'PUT',
      path: '/api/admin/plugins/:id/preview/answers',
      audience: 'admin',
      does: 'What its requests to other hosts are answered; nothing is sent.',
      body: previewAnswersSchema,
      answer: info,
    },
    {
      method: 'PUT',
      path: '/api/admin/plugins/:id/preview/settings',
      audience: 'admin',
      does: 'Settings for the try. They are not stored.',
      body: previewSettingsSchema,
      answer: info,
      refusals: { 400: ['INVALID_SETTINGS'] },
    },
    {
      method: 'POST',
      path: '/api/admin/plugins/:id/preview/reload',
      audience: 'admin',
      does: 'Takes what lies in the folder now, once it has started; else the report says why not.',
      answer: info,
    },
    {
      method: 'POST',
      path: '/api/admin/plugins/:id/preview/events',
      audience: 'admin',
      does: 'Replays the last events again, or those of one name.',
      body: previewReplaySchema,
      answer: null,
    },
    {
      method: 'POST',
      path: '/api/admin/plugins/:id/preview/crons/:name/run',
      audience: 'admin',
      does: 'Runs a task of the preview now.',
      refusals: { 409: ['CRON_RUNNING'] },
    },
  ],
};
